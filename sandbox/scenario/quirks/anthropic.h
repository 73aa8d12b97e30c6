// What is particular about Anthropic in a scenario.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace latchkey::sandbox {

struct AnthropicQuirks {
  enum class Thinking {
    kAsAsked,  // Models from 5.x on think unless the request switches it off.
    kAlways,   // A thinking block comes first, whatever was asked.
    kNever,
  };
  Thinking thinking = Thinking::kAsAsked;
  int thinking_words = 40;  // They count as output, so they eat into max_tokens.

  int pings = 0;  // So many before each piece of text, beside the one at the start.
  // The stream's bytes in pieces of this size, which cut lines and characters anywhere; 0 sends
  // each event whole.
  int chunk_bytes = 0;
  // How every message ends in place of its own reason: "refusal" (nothing is said), "pause_turn" or
  // "model_context_window_exceeded" (after half of the words). Empty leaves it alone.
  std::string stop_reason;

  // What the rate-limit headers count down, per key; the Start tier's.
  int64_t requests_per_minute = 1000;
  int64_t input_tokens_per_minute = 2'000'000;
  int64_t output_tokens_per_minute = 400'000;
  bool enforce_limits = false;  // 429 with Retry-After once one of them is used up.
};

// A scenario's "quirks.anthropic". What is wrong with it comes into `error`.
AnthropicQuirks ReadAnthropicQuirks(const boost::json::value& value, std::string place,
                                    absl::Status& error);

}  // namespace latchkey::sandbox
