// Anthropic's events: one answer as the pieces of an SSE stream.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sandbox/providers/anthropic_answer.h"

namespace latchkey::sandbox {

// Some whole events, which are written together.
struct AnthropicPiece {
  enum Kind {
    kStart,  // message_start and its ping.
    kToken,  // Takes the time of a token.
    kBlock,  // Where a block starts or stops.
    kEnd,    // message_delta and message_stop.
  };
  Kind kind = kToken;
  std::string bytes;
};

// `pings`: so many before each token.
std::vector<AnthropicPiece> AnthropicPieces(const AnthropicAnswer& answer, int pings);

// Comes after 200 and ends the stream.
std::string AnthropicErrorEvent(int status, std::string_view code);

}  // namespace latchkey::sandbox
