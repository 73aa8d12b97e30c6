// PageHandler: the sandbox's page for people, and what it shows.
//
//   GET  /               the page
//   GET  /sandbox/live   the last calls, who speaks in them now, and how they went, in JSON
//   GET  /sandbox/load   how many frames were sent, and how late: {"calls":…,"frames_sent":…,
//                        "lateness_us":{"p50":…,"p99":…,"max":…}}
//   POST /sandbox/load   counts from here on
#pragma once

#include <string>

#include "lib/base/clock.h"
#include "lib/http/server.h"
#include "sandbox/carrier/call_registry.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/frame_clock.h"

namespace latchkey::sandbox {

// Lives on the sandbox's io thread.
class PageHandler final : public http::Handler {
 public:
  static constexpr size_t kCallsShown = 60;

  PageHandler(const Clock& clock, const Stage& stage, const CallRegistry& calls, FrameClock& frames)
      : clock_(clock), stage_(stage), calls_(calls), frames_(frames) {}

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  http::Response Answer(const http::ServerRequest& request);
  std::string Live() const;
  std::string Load() const;

  const Clock& clock_;
  const Stage& stage_;
  const CallRegistry& calls_;
  FrameClock& frames_;
};

}  // namespace latchkey::sandbox
