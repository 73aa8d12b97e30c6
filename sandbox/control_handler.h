// ControlHandler: the sandbox's own endpoints, for people and tests: not a provider's.
//
//   GET  /livez                     200 "ok"
//   GET  /sandbox/calls             what the callees' ears measured of each call, in JSON
//   GET  /sandbox/calls/CA….wav     an answered call: callee left, agent right
//   GET  /sandbox/requests          what the providers were asked, without keys, in JSON
//   POST /sandbox/scenario          plays another scenario, given as its file's text
//   POST /sandbox/faults            adds one fault, as it stands in a scenario's "faults"
#pragma once

#include "lib/http/server.h"
#include "sandbox/carrier/twilio/twilio_handler.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/speech_engines.h"

namespace latchkey::sandbox {

class ControlHandler final : public http::Handler {
 public:
  ControlHandler(Stage& stage, SpeechEngines& speech, twilio::TwilioHandler& twilio)
      : stage_(stage), speech_(speech), twilio_(twilio) {}

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  Task<http::Response> Answer(const http::ServerRequest& request);
  http::Response Show(const http::ServerRequest& request) const;
  Task<http::Response> PlayScenario(std::string text);

  Stage& stage_;
  SpeechEngines& speech_;
  twilio::TwilioHandler& twilio_;
};

}  // namespace latchkey::sandbox
