#include "services/media/providers/anthropic.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "lib/base/error.h"
#include "lib/http/sse.h"
#include "lib/provider/anthropic_limits.h"
#include "services/media/domain/json_scan.h"
#include "services/media/providers/provider_failure.h"

namespace latchkey::media {
namespace {

// Orchestrator takes as much.
constexpr size_t kArgumentsBytesMax = 16 * 1024;

http::Limits StreamLimits() {
  http::Limits limits;
  limits.connect = absl::Seconds(3);
  limits.first_byte = absl::Seconds(8);
  limits.idle = absl::Seconds(10);
  limits.total = absl::Seconds(12);
  return limits;
}

}  // namespace

AnthropicLanguageModel::AnthropicLanguageModel(Executor executor, http::Client& client,
                                               const http::Url& base, const Secret& key,
                                               OnCeiling on_ceiling)
    : client_(client),
      url_(base.At("/v1/messages")),
      key_(key),
      on_ceiling_(std::move(on_ceiling)),
      group_(std::move(executor)) {}

void AnthropicLanguageModel::Start(Listener& listener) {
  listener_ = &listener;
  group_.Spawn("anthropic warm", Warm());
}

Task<void> AnthropicLanguageModel::Warm() {
  const http::Limits limits = StreamLimits();
  // Whether it works is seen when it is needed.
  absl::Status ignored = co_await client_.Warm(url_, limits);
}

void AnthropicLanguageModel::Ask(int request, const Prompt& prompt) {
  Cancel();
  tool_.reset();
  current_ = request;
  group_.Spawn("anthropic request", Run(request, ComposeAnthropicRequest(prompt)));
}

void AnthropicLanguageModel::Cancel() {
  current_ = 0;
  group_.Cancel();
}

void AnthropicLanguageModel::Stop() { Cancel(); }

Task<void> AnthropicLanguageModel::Join() {
  Stop();
  co_await group_.Join();
}

Task<void> AnthropicLanguageModel::Run(int request, std::string body) {
  http::Request http_request("POST", url_);
  http_request.headers.Set("content-type", "application/json");
  http_request.headers.Set("anthropic-version", kAnthropicVersion);
  http_request.secret = http::SecretHeader("x-api-key", "", key_);
  http_request.body = std::move(body);
  const http::Limits limits = StreamLimits();
  absl::StatusOr<std::unique_ptr<http::BodyStream>> stream =
      co_await client_.Open(http_request, limits);
  if (request != current_) co_return;
  if (!stream.ok()) {
    Fail(request, ProviderFailure(Party::kLanguageModel, stream.status()));
    co_return;
  }
  TellCeiling((*stream)->headers());
  if ((*stream)->status() == 200) {
    co_await ReadEvents(request, **stream);
  } else {
    co_await ReadRefusal(request, **stream);
  }
}

Task<void> AnthropicLanguageModel::ReadEvents(int request, http::BodyStream& stream) {
  http::SseReader reader(stream);
  while (true) {
    absl::StatusOr<std::optional<http::SseEvent>> event = co_await reader.Next();
    if (request != current_) co_return;
    if (!event.ok()) {
      Fail(request, ProviderFailure(Party::kLanguageModel, event.status()));
      co_return;
    }
    if (!event->has_value()) {
      // The end without message_stop.
      Fail(request, ClassifyFailure(Party::kLanguageModel, 0, ""));
      co_return;
    }
    const AnthropicEvent parsed = ParseAnthropicEvent(**event);
    Tell(request, parsed);
    // Read on after message_stop, so that the connection can be used again.
    if (request != current_ && parsed.kind != AnthropicEvent::Kind::kDone) co_return;
    if (parsed.kind == AnthropicEvent::Kind::kDone) break;
  }
  absl::StatusOr<std::optional<http::SseEvent>> end = co_await reader.Next();
}

Task<void> AnthropicLanguageModel::ReadRefusal(int request, http::BodyStream& stream) {
  std::string body;
  constexpr size_t kEnoughBytes = 4096;
  while (body.size() < kEnoughBytes) {
    absl::StatusOr<std::optional<std::string>> piece = co_await stream.Next();
    if (!piece.ok() || !piece->has_value()) break;
    body += **piece;
  }
  if (request != current_) co_return;
  const int status = AnthropicStatus(stream.status(), body);
  absl::Status why = ClassifyFailure(Party::kLanguageModel, status, "");
  const std::string_view seconds = stream.headers().Get("retry-after");
  if (const std::optional<int64_t> wait = WholeNumber(seconds)) {
    why = WithMetadata(why, kRetryAfterMs, std::to_string(std::min<int64_t>(*wait, 3600) * 1000));
  }
  Fail(request, why);
}

void AnthropicLanguageModel::TellCeiling(const http::Headers& headers) {
  if (on_ceiling_ == nullptr) return;
  const auto header = [&](std::string_view name) { return headers.Get(name); };
  const std::optional<int> calls = provider::AnthropicCallCeiling(header);
  if (calls.has_value()) on_ceiling_(*calls);
}

void AnthropicLanguageModel::Tell(int request, const AnthropicEvent& event) {
  using Kind = AnthropicEvent::Kind;
  switch (event.kind) {
    case Kind::kText:
      return listener_->OnReplyText(request, event.text);
    case Kind::kToolBegin:
      tool_ = event.tool;
      return;
    case Kind::kToolArguments:
      if (tool_.has_value()) tool_->arguments += event.text;
      if (tool_.has_value() && tool_->arguments.size() > kArgumentsBytesMax) tool_.reset();
      return;
    case Kind::kBlockEnd:
      return EndTool(request);
    case Kind::kFailed:
      return Fail(request, ClassifyFailure(Party::kLanguageModel, event.status, ""));
    case Kind::kDone:
      current_ = 0;
      return listener_->OnReplyDone(request);
    case Kind::kOther:
      return;
  }
}

void AnthropicLanguageModel::EndTool(int request) {
  if (!tool_.has_value()) return;
  ToolUse use = *std::exchange(tool_, std::nullopt);
  // Nothing at all is written for a tool that takes nothing.
  if (use.arguments.empty()) use.arguments = "{}";
  listener_->OnToolUse(request, use);
}

void AnthropicLanguageModel::Fail(int request, const absl::Status& why) {
  current_ = 0;
  listener_->OnReplyFailed(request, why);
}

}  // namespace latchkey::media
