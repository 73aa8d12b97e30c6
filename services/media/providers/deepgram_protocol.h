// Deepgram's streaming protocol, v1/listen, without the socket (developers.deepgram.com).
#pragma once

#include <string>
#include <string_view>

#include "lib/http/url.h"
#include "services/media/domain/call_spec.h"

namespace latchkey::media {

inline constexpr std::string_view kDeepgramModel = "nova-3";

// Where to connect: everything that is set is in the query.
http::Url DeepgramUrl(const http::Url& base, const AgentSettings& agent);

// One message from Deepgram.
struct DeepgramMessage {
  enum class Kind { kTranscript, kUtteranceEnd, kError, kOther };

  Kind kind = Kind::kOther;
  std::string text;
  bool final = false;
  bool ended = false;  // The speaker has come to an end, or everything heard so far is told.
};

// Takes any bytes; what it does not know is kOther.
DeepgramMessage ParseDeepgramMessage(std::string_view text);

inline constexpr std::string_view kDeepgramKeepAlive = R"({"type":"KeepAlive"})";
inline constexpr std::string_view kDeepgramFinalize = R"({"type":"Finalize"})";
inline constexpr std::string_view kDeepgramCloseStream = R"({"type":"CloseStream"})";

}  // namespace latchkey::media
