// Deepgram's stand-in: /v1/listen, as one request with a file and as a websocket.
#pragma once

#include <string>

#include "lib/base/clock.h"
#include "lib/base/spawn.h"
#include "lib/http/server.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/speech_engines.h"

namespace latchkey::sandbox {

// What it answers depends on the audio that arrived, and on nothing else. Lives on the io thread;
// all that it is given outlives it.
class DeepgramProvider final : public http::Handler {
 public:
  DeepgramProvider(Executor executor, Clock& clock, Stage& stage, SpeechEngines& speech)
      : executor_(std::move(executor)), clock_(clock), stage_(stage), speech_(speech) {}

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  // True when the request was dealt with: a bad key, or a fault.
  Task<bool> Intervene(const http::ServerRequest& request, http::Responder& responder);
  Task<void> Refuse(int status, std::string code, std::string message, http::Responder& responder);
  Task<void> ServeFile(const http::ServerRequest& request, http::Responder& responder);
  Task<void> ServeSocket(const http::ServerRequest& request, http::Responder& responder);

  Executor executor_;
  Clock& clock_;
  Stage& stage_;
  SpeechEngines& speech_;
};

}  // namespace latchkey::sandbox
