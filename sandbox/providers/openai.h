// OpenAI's stand-in: the list of models, and Realtime sessions.
#pragma once

#include <cstdint>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/spawn.h"
#include "lib/http/server.h"
#include "sandbox/providers/fault_player.h"
#include "sandbox/providers/openai_session.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/speech_engines.h"

namespace latchkey::sandbox {

// GET /v1/models, GET /v1/models/{id}, and the websocket /v1/realtime. A session opens with any
// key: what is wrong with it is told inside. A key with the code insufficient_quota or
// model_not_found passes on the free routes. Lives on the io thread; all that it is given outlives
// it.
class OpenaiProvider final : public http::Handler {
 public:
  OpenaiProvider(Executor executor, Clock& clock, Stage& stage, SpeechEngines& speech)
      : executor_(std::move(executor)), clock_(clock), stage_(stage), speech_(speech) {}

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override;

  // True when a request to a path that Anthropic has too is OpenAI's: it carries a bearer token,
  // and no anthropic-version.
  static bool IsFor(const http::ServerRequest& request);

 private:
  Task<void> ServeModels(const http::ServerRequest& request, http::Responder& responder);
  Task<void> ServeRealtime(const http::ServerRequest& request, http::Responder& responder);
  http::Response ModelsAnswer(const http::ServerRequest& request, const KnownKey& key) const;
  OpenaiSessionOptions SessionFor(const http::ServerRequest& request, const KnownKey& key);

  Executor executor_;
  Clock& clock_;
  Stage& stage_;
  SpeechEngines& speech_;
  int64_t sessions_ = 0;
};

}  // namespace latchkey::sandbox
