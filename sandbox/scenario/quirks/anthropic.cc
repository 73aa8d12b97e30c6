#include "sandbox/scenario/quirks/anthropic.h"

#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {
namespace {

constexpr int kPingsMax = 100;

}  // namespace

AnthropicQuirks ReadAnthropicQuirks(const boost::json::value& value, std::string place,
                                    absl::Status& error) {
  using Thinking = AnthropicQuirks::Thinking;
  AnthropicQuirks quirks;
  Fields fields(value, std::move(place), error);
  fields.Choice("thinking", quirks.thinking,
                {{"as_asked", Thinking::kAsAsked},
                 {"always", Thinking::kAlways},
                 {"never", Thinking::kNever}});
  fields.Number("thinking_words", quirks.thinking_words);
  fields.Number("pings", quirks.pings);
  if (quirks.pings > kPingsMax) fields.Fail("pings", "should be at most 100");
  fields.Number("chunk_bytes", quirks.chunk_bytes);
  fields.Choice("stop_reason", quirks.stop_reason,
                {{"refusal", "refusal"},
                 {"pause_turn", "pause_turn"},
                 {"model_context_window_exceeded", "model_context_window_exceeded"}});
  fields.Number("requests_per_minute", quirks.requests_per_minute);
  fields.Number("input_tokens_per_minute", quirks.input_tokens_per_minute);
  fields.Number("output_tokens_per_minute", quirks.output_tokens_per_minute);
  fields.Bool("enforce_limits", quirks.enforce_limits);
  fields.Finish();
  return quirks;
}

}  // namespace latchkey::sandbox
