// CallViews: one call, as its person's ear had it.
//
//   GET /sandbox/calls/SID.wav          the recording: left the person, right the agent, stereo
//                                       mu-law at 8000 Hz, the first three minutes
//   GET /sandbox/calls/SID.wav?live=1   the same from now on, while the call goes on
//   GET /sandbox/calls/SID.ulaw         the agent's channel alone, raw: one byte is one sample
//   GET /sandbox/calls/SID/heard        what was really played, to the sample: heard_log.h
#pragma once

#include <memory>
#include <string>

#include "lib/base/clock.h"
#include "lib/http/server.h"
#include "sandbox/carrier/call_registry.h"

namespace latchkey::sandbox {

// Lives on the sandbox's io thread.
class CallViews final : public http::Handler {
 public:
  CallViews(Clock& clock, const CallRegistry& calls) : clock_(clock), calls_(calls) {}

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  static http::Response Show(const PhoneCall& call, std::string_view view);
  Task<void> Listen(std::shared_ptr<PhoneCall> call, http::Responder& responder);

  Clock& clock_;
  const CallRegistry& calls_;
};

}  // namespace latchkey::sandbox
