// OpenAI: the model that calls will use, and a few tokens of a real Realtime session with it.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/http/client.h"
#include "lib/http/tls.h"
#include "lib/http/websocket.h"
#include "services/validator/domain/ports.h"

namespace latchkey::validator {

// GET /v1/models/{model}, which is free, then /v1/realtime with a short text response. A session
// opens with a wrong key, without credit, and for a model that the project may not use: only the
// end of a response shows that a call can be held.
class OpenaiProber final : public Prober {
 public:
  // `base_url` without a slash at its end. The client outlives the prober.
  OpenaiProber(http::Client& client, http::TlsContext tls, http::Url base_url);

  Task<absl::StatusOr<Verdict>> Probe(const Candidate& candidate) override;

 private:
  Task<absl::StatusOr<Verdict>> AskForModel(const Candidate& candidate);
  Task<absl::StatusOr<Verdict>> Converse(const Candidate& candidate);

  http::Client& client_;
  const http::TlsContext tls_;
  const http::Url base_url_;
};

// The rules: what the answers say. `Valid` of the model's means: go on.
absl::StatusOr<Verdict> JudgeOpenaiModel(const http::Response& response, std::string_view model);
// Nothing: the event judges nothing, more will come.
std::optional<absl::StatusOr<Verdict>> JudgeOpenaiEvent(std::string_view event,
                                                        std::string_view model);
// How the session ended, when it ended before it was judged: an error of http::Websocket's.
absl::StatusOr<Verdict> JudgeOpenaiEnd(const absl::Status& end, std::string_view model);

}  // namespace latchkey::validator
