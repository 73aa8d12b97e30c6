// Cartesia's stand-in: speech as bytes, and as contexts on a websocket.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/spawn.h"
#include "lib/http/server.h"
#include "sandbox/providers/cartesia_account.h"
#include "sandbox/providers/cartesia_refusal.h"
#include "sandbox/providers/fault_player.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/speech_engines.h"

namespace latchkey::sandbox {

// POST /tts/bytes, the websocket /tts/websocket, GET /voices and /voices/{id}. Real speech in the
// scenario's agent voice, raw mu-law at 8 kHz only: another output format is refused as the API
// refuses what it lacks. Lives on the io thread; all that it is given outlives it.
class CartesiaProvider final : public http::Handler {
 public:
  CartesiaProvider(Executor executor, Clock& clock, Stage& stage, SpeechEngines& speech)
      : executor_(std::move(executor)), clock_(clock), stage_(stage), speech_(speech) {}

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

 private:
  // One request that was let in: whose it is, and what may still happen to it.
  struct Exchange {
    const http::ServerRequest& request;
    http::Responder& responder;
    FaultPlayer& faults;
    std::string key;
    std::string version;
  };

  Task<void> Route(Exchange& exchange);
  Task<void> ServeBytes(Exchange& exchange);
  Task<void> SendAudio(std::string_view audio, Exchange& exchange);
  Task<void> ServeSocket(Exchange& exchange);
  Task<void> ServeVoices(Exchange& exchange);
  Task<void> Refuse(CartesiaRefusal refusal, Exchange& exchange);
  Task<void> Send(http::Response response, Exchange& exchange);

  Executor executor_;
  Clock& clock_;
  Stage& stage_;
  SpeechEngines& speech_;
  std::map<std::string, CartesiaAccount> accounts_;  // By key; only the scenario's get here.
};

}  // namespace latchkey::sandbox
