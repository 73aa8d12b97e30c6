// Cartesia's stand-in: speech as bytes, and as contexts on a websocket.
#pragma once

#include <string>

#include "lib/base/clock.h"
#include "lib/base/spawn.h"
#include "lib/http/server.h"
#include "sandbox/providers/cartesia_messages.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/speech_engines.h"

namespace latchkey::sandbox {

// POST /tts/bytes and the websocket /tts/websocket, with real speech in the scenario's agent voice,
// raw mu-law at 8 kHz only: another output format is refused as the API refuses what it lacks.
// Lives on the io thread; all that it is given outlives it.
class CartesiaProvider final : public http::Handler {
 public:
  CartesiaProvider(Executor executor, Clock& clock, Stage& stage, SpeechEngines& speech)
      : executor_(std::move(executor)), clock_(clock), stage_(stage), speech_(speech) {}

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  // True when the request was dealt with: a bad key, or a fault.
  Task<bool> Intervene(const http::ServerRequest& request, http::Responder& responder);
  Task<void> Refuse(Refusal refusal, http::Responder& responder);
  Task<void> ServeBytes(const http::ServerRequest& request, http::Responder& responder);
  Task<void> ServeSocket(http::Responder& responder);

  Executor executor_;
  Clock& clock_;
  Stage& stage_;
  SpeechEngines& speech_;
};

}  // namespace latchkey::sandbox
