// Anthropic's Messages API, streaming, without the socket (platform.claude.com/docs).
#pragma once

#include <string>
#include <string_view>

#include "lib/http/sse.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

inline constexpr std::string_view kAnthropicModel = "claude-haiku-5-5";
inline constexpr std::string_view kAnthropicVersion = "2023-06-01";

// The body of POST /v1/messages.
std::string ComposeAnthropicRequest(const Prompt& prompt);

// What one event of the stream means for the call.
struct AnthropicEvent {
  enum class Kind { kText, kToolBegin, kToolArguments, kBlockEnd, kDone, kFailed, kOther };

  Kind kind = Kind::kOther;
  std::string text;  // Of kToolArguments: the next piece of a JSON object.
  ToolUse tool;      // Of kToolBegin, without its arguments.
  int status = 0;    // Of kFailed: as an HTTP status.
};

AnthropicEvent ParseAnthropicEvent(const http::SseEvent& event);

// The HTTP status that says what an answer other than 200 means: an empty balance is told as 400,
// and a spend limit that was reached as 400 or 429. Both are 402 here.
int AnthropicStatus(int http_status, std::string_view body);

}  // namespace latchkey::media
