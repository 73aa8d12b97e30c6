// Deepgram's stand-in: /v1/listen, as one request with a file and as a websocket, and what it tells
// of a key: /v1/auth/token, /v1/projects and its balances.
#pragma once

#include <map>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/spawn.h"
#include "lib/http/server.h"
#include "sandbox/providers/fault_player.h"
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
  // One request that was let in, and what may still happen to it.
  struct Exchange {
    const http::ServerRequest& request;
    http::Responder& responder;
    FaultPlayer& faults;
  };

  Task<void> Route(Exchange& exchange);
  Task<void> ServeFile(Exchange& exchange);
  Task<void> ServeSocket(Exchange& exchange);
  Task<void> ServeAccount(Exchange& exchange);
  Task<void> Send(http::Response response, Exchange& exchange);

  Executor executor_;
  Clock& clock_;
  Stage& stage_;
  SpeechEngines& speech_;
};

}  // namespace latchkey::sandbox
