#include "sandbox/providers/anthropic_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace latchkey::sandbox {
namespace {

constexpr int64_t kThousand = 1000;

double PerSecond(int64_t per_minute) { return static_cast<double>(per_minute) / 60; }

// RFC 3339 in UTC, without fractions.
std::string Rfc3339(absl::Time time) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

}  // namespace

double AnthropicLimits::Bucket::MissingAt(absl::Time now, int64_t per_minute) const {
  const double refilled = absl::ToDoubleSeconds(now - at) * PerSecond(per_minute);
  return std::clamp(missing - refilled, 0.0, static_cast<double>(per_minute));
}

void AnthropicLimits::Bucket::Take(int64_t amount, int64_t per_minute, absl::Time now) {
  missing = std::min(MissingAt(now, per_minute) + static_cast<double>(amount),
                     static_cast<double>(per_minute));
  at = now;
}

AnthropicLimits::Buckets AnthropicLimits::Find(std::string_view key) const {
  const auto found = buckets_.find(key);
  return found == buckets_.end() ? Buckets() : found->second;
}

void AnthropicLimits::Take(std::string_view key, const Used& used, const AnthropicQuirks& quirks,
                           absl::Time now) {
  Buckets& buckets = buckets_[std::string(key)];
  buckets.requests.Take(used.requests, quirks.requests_per_minute, now);
  buckets.input.Take(used.input_tokens, quirks.input_tokens_per_minute, now);
  buckets.output.Take(used.output_tokens, quirks.output_tokens_per_minute, now);
}

absl::Duration AnthropicLimits::Wait(std::string_view key, const AnthropicQuirks& quirks,
                                     absl::Time now) const {
  if (!quirks.enforce_limits) return absl::ZeroDuration();
  const Buckets buckets = Find(key);
  double seconds = 0;
  // One more is asked of each.
  const auto look = [&](const Bucket& bucket, int64_t per_minute) {
    const double left = static_cast<double>(per_minute) - bucket.MissingAt(now, per_minute);
    if (left < 1)
      seconds = std::max(seconds, (1 - left) / PerSecond(std::max<int64_t>(1, per_minute)));
  };
  look(buckets.requests, quirks.requests_per_minute);
  look(buckets.input, quirks.input_tokens_per_minute);
  look(buckets.output, quirks.output_tokens_per_minute);
  return absl::Seconds(seconds);
}

void AnthropicLimits::Tell(http::Headers& headers, std::string_view name, const Bucket& bucket,
                           int64_t per_minute, int64_t rounded_to, absl::Time now) {
  const double missing = bucket.MissingAt(now, per_minute);
  const auto left = static_cast<int64_t>(std::floor(static_cast<double>(per_minute) - missing));
  const absl::Duration until_full =
      absl::Seconds(std::ceil(missing / PerSecond(std::max<int64_t>(1, per_minute))));
  const std::string prefix = fmt::format("anthropic-ratelimit-{}-", name);
  headers.Set(prefix + "limit", std::to_string(per_minute));
  headers.Set(prefix + "remaining", std::to_string(left / rounded_to * rounded_to));
  headers.Set(prefix + "reset", Rfc3339(now + until_full));
}

http::Headers AnthropicLimits::HeadersOf(std::string_view key, const AnthropicQuirks& quirks,
                                         absl::Time now) const {
  const Buckets buckets = Find(key);
  http::Headers headers;
  Tell(headers, "requests", buckets.requests, quirks.requests_per_minute, 1, now);
  Tell(headers, "input-tokens", buckets.input, quirks.input_tokens_per_minute, kThousand, now);
  Tell(headers, "output-tokens", buckets.output, quirks.output_tokens_per_minute, kThousand, now);
  Bucket both;
  both.missing = buckets.input.MissingAt(now, quirks.input_tokens_per_minute) +
                 buckets.output.MissingAt(now, quirks.output_tokens_per_minute);
  both.at = now;
  Tell(headers, "tokens", both, quirks.input_tokens_per_minute + quirks.output_tokens_per_minute,
       kThousand, now);
  return headers;
}

}  // namespace latchkey::sandbox
