#include "sandbox/providers/openai_usage.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "sandbox/scenario/scenario.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr int64_t kMsPerMinute = 60'000;

json::object Details(const OpenaiTokens& tokens) {
  return {{"text_tokens", tokens.text}, {"audio_tokens", tokens.audio}};
}

}  // namespace

int64_t TextTokens(std::string_view text) {
  const std::string words = NormalizeWords(text);
  if (words.empty()) return 0;
  return (std::ranges::count(words, ' ') + 1) * 4 / 3 + 1;
}

int64_t HeardTokens(int64_t audio_ms) { return audio_ms / 100; }
int64_t SpokenTokens(int64_t audio_ms) { return audio_ms / 50; }

json::object OpenaiUsage(const OpenaiTokens& input, const OpenaiTokens& cached,
                         const OpenaiTokens& output) {
  json::object input_details = Details(input);
  input_details["image_tokens"] = 0;
  input_details["cached_tokens"] = cached.total();
  json::object cached_details = Details(cached);
  cached_details["image_tokens"] = 0;
  input_details["cached_tokens_details"] = std::move(cached_details);
  return {{"total_tokens", input.total() + output.total()},
          {"input_tokens", input.total()},
          {"output_tokens", output.total()},
          {"input_token_details", std::move(input_details)},
          {"output_token_details", Details(output)}};
}

void OpenaiRateLimit::Refill(absl::Time now) {
  const int64_t back = absl::ToInt64Milliseconds(now - counted_at_) * limit_ / kMsPerMinute;
  if (back <= 0) return;  // A part of a token is not lost: it is counted next time.
  left_ = std::min(limit_, left_ + back);
  counted_at_ = now;
}

void OpenaiRateLimit::Use(int64_t tokens, absl::Time now) {
  Refill(now);
  left_ -= tokens;
}

absl::Duration OpenaiRateLimit::Wait(int64_t tokens, absl::Time now) {
  Refill(now);
  if (left_ >= tokens || limit_ == 0) return absl::ZeroDuration();
  return absl::Milliseconds((tokens - left_) * kMsPerMinute / limit_);
}

json::object OpenaiRateLimit::Event(absl::Time now) {
  const absl::Duration reset = Wait(limit_, now);
  const json::object tokens{{"name", "tokens"},
                            {"limit", limit_},
                            {"remaining", std::max<int64_t>(left_, 0)},
                            {"reset_seconds", absl::ToDoubleSeconds(reset)}};
  return {{"type", "rate_limits.updated"}, {"rate_limits", json::array{tokens}}};
}

}  // namespace latchkey::sandbox
