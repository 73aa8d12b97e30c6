// AnthropicLimits: how much a key may still ask for in this minute, as the answers' headers say it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "lib/http/headers.h"
#include "sandbox/scenario/quirks/anthropic.h"

namespace latchkey::sandbox {

// Token buckets: what was taken comes back evenly over a minute. Lives on one io thread.
class AnthropicLimits {
 public:
  struct Used {
    int64_t requests = 0;
    int64_t input_tokens = 0;
    int64_t output_tokens = 0;
  };

  // Takes what an answer costs. What is more than there is leaves nothing.
  void Take(std::string_view key, const Used& used, const AnthropicQuirks& quirks, absl::Time now);

  // Zero when `key` may ask now; else until it may. Always zero unless the limits are enforced.
  absl::Duration Wait(std::string_view key, const AnthropicQuirks& quirks, absl::Time now) const;

  // anthropic-ratelimit-…, with tokens rounded to thousands and the input's and output's together.
  http::Headers HeadersOf(std::string_view key, const AnthropicQuirks& quirks,
                          absl::Time now) const;

 private:
  // So many are missing from a full bucket at `at`.
  struct Bucket {
    double missing = 0;
    absl::Time at;

    double MissingAt(absl::Time now, int64_t per_minute) const;
    void Take(int64_t amount, int64_t per_minute, absl::Time now);
  };
  struct Buckets {
    Bucket requests, input, output;
  };

  Buckets Find(std::string_view key) const;
  static void Tell(http::Headers& headers, std::string_view name, const Bucket& bucket,
                   int64_t per_minute, int64_t rounded_to, absl::Time now);

  std::map<std::string, Buckets, std::less<>> buckets_;  // By key; only the scenario's ask.
};

}  // namespace latchkey::sandbox
