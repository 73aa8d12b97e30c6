// ControlHandler: the sandbox's own endpoints, for people and tests: not a provider's.
//
//   GET  /livez                     200 "ok"
//   GET  /sandbox/calls             what the callees' ears measured of each call, in JSON
//   GET  /sandbox/calls/SID…        one call, to hear and to check: page/call_views.h
//   GET  /sandbox/requests          what the providers were asked, without keys, in JSON
//   POST /sandbox/calls             a person calls one of the carrier account's numbers:
//                                   {"carrier":"twilio","from":"+1…","to":"+1…"}
//   POST /sandbox/scenario          plays another scenario, given as its file's text
//   POST /sandbox/faults            adds one fault, as it stands in a scenario's "faults"
#pragma once

#include "lib/http/server.h"
#include "sandbox/carrier/call_registry.h"
#include "sandbox/carrier/twilio/twilio_handler.h"
#include "sandbox/page/call_views.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/speech_engines.h"

namespace latchkey::sandbox {

class ControlHandler final : public http::Handler {
 public:
  ControlHandler(Clock& clock, Stage& stage, SpeechEngines& speech, CallRegistry& calls,
                 twilio::TwilioHandler& twilio)
      : stage_(stage), speech_(speech), calls_(calls), twilio_(twilio), views_(clock, calls) {}

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  Task<http::Response> Answer(const http::ServerRequest& request);
  http::Response Show(const http::ServerRequest& request) const;
  Task<http::Response> PlayScenario(std::string text);
  http::Response CallIn(std::string_view text);

  Stage& stage_;
  SpeechEngines& speech_;
  CallRegistry& calls_;
  twilio::TwilioHandler& twilio_;
  CallViews views_;
};

}  // namespace latchkey::sandbox
