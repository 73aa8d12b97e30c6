// What a Realtime session's words and audio count as, and the limit that they use up.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string_view>

#include "absl/time/time.h"

namespace latchkey::sandbox {

struct OpenaiTokens {
  int64_t text = 0;
  int64_t audio = 0;

  int64_t total() const { return text + audio; }
  OpenaiTokens& operator+=(const OpenaiTokens& other) {
    text += other.text;
    audio += other.audio;
    return *this;
  }
};

// Four tokens for three words.
int64_t TextTokens(std::string_view text);
// One for each 100 ms that the user says, and for each 50 ms that the model does.
int64_t HeardTokens(int64_t audio_ms);
int64_t SpokenTokens(int64_t audio_ms);

// `usage` of response.done. Cached tokens are a part of the input's.
boost::json::object OpenaiUsage(const OpenaiTokens& input, const OpenaiTokens& cached,
                                const OpenaiTokens& output);

// Tokens per minute; used ones come back evenly. Counts the whole context of each turn.
class OpenaiRateLimit {
 public:
  OpenaiRateLimit(int64_t tokens_per_minute, absl::Time now)
      : limit_(tokens_per_minute), left_(tokens_per_minute), counted_at_(now) {}

  void Use(int64_t tokens, absl::Time now);
  // Until `tokens` can be had; zero when they can now.
  absl::Duration Wait(int64_t tokens, absl::Time now);
  // The body of rate_limits.updated.
  boost::json::object Event(absl::Time now);
  int64_t limit() const { return limit_; }

 private:
  void Refill(absl::Time now);

  int64_t limit_;
  int64_t left_;
  absl::Time counted_at_;
};

}  // namespace latchkey::sandbox
