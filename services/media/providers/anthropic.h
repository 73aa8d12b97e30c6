// AnthropicLanguageModel: streaming LLM over HTTPS to Anthropic.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "lib/base/spawn.h"
#include "lib/http/client.h"
#include "lib/http/url.h"
#include "lib/secret/secret.h"
#include "services/media/domain/ports.h"
#include "services/media/providers/anthropic_protocol.h"

namespace latchkey::media {

// One request at a time; cancelling it closes its connection, which stops the generation. Lives on
// the call's io thread; the client and the key outlive it. Join() before it goes.
class AnthropicLanguageModel final : public LanguageModel {
 public:
  // How many calls at a time the limits in an answer bear.
  using OnCeiling = std::function<void(int calls)>;

  AnthropicLanguageModel(Executor executor, http::Client& client, const http::Url& base,
                         const Secret& key, OnCeiling on_ceiling = nullptr);

  void Start(Listener& listener) override;
  void Ask(int request, const Prompt& prompt) override;
  void Cancel() override;
  void Stop() override;
  Task<void> Join();

 private:
  Task<void> Warm();
  Task<void> Run(int request, std::string body);
  Task<void> ReadEvents(int request, http::BodyStream& stream);
  Task<void> ReadRefusal(int request, http::BodyStream& stream);
  void Tell(int request, const AnthropicEvent& event);
  void EndTool(int request);
  void Fail(int request, const absl::Status& why);
  void TellCeiling(const http::Headers& headers);

  http::Client& client_;
  const http::Url url_;
  const Secret& key_;
  const OnCeiling on_ceiling_;
  Group group_;
  Listener* listener_ = nullptr;
  int current_ = 0;              // The request whose answer is wanted; 0: none.
  std::optional<ToolUse> tool_;  // That its answer is writing now.
};

}  // namespace latchkey::media
