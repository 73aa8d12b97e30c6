#include "lib/rpc/call_limit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "latchkey/type/v1/limit.pb.h"
#include "lib/base/error.h"

namespace latchkey::rpc {
namespace {

// A fleet has hundreds of instances.
constexpr size_t kCallersMax = 10'000;

absl::Status Refused(std::string_view why, int retry_after_seconds) {
  return Error(absl::StatusCode::kResourceExhausted, "rate_limited", why,
               {{"retry_after_seconds", fmt::to_string(retry_after_seconds)}});
}

}  // namespace

absl::StatusOr<LimitFigures> LimitOf(const google::protobuf::MethodDescriptor& method) {
  const type::v1::Limit& limit = method.options().GetExtension(type::v1::limit);
  if (limit.concurrent() >= 1 && limit.per_minute() >= 1) {
    return LimitFigures{.concurrent = limit.concurrent(), .per_minute = limit.per_minute()};
  }
  return Error(absl::StatusCode::kFailedPrecondition, "cannot_start",
               fmt::format("The contract gives no `limit` of calls for {}, or one below 1.",
                           method.full_name()));
}

absl::Status CallLimit::Admit(const std::string& caller, absl::Time now) {
  if (uses_.size() >= kCallersMax && !uses_.contains(caller)) {
    Forget(now);
    if (uses_.size() >= kCallersMax) return Refused("Too many callers at a time.", 60);
  }
  const double full = figures_.per_minute;
  const auto [entry, is_new] = uses_.try_emplace(caller);
  Use& use = entry->second;
  if (is_new) {
    use.calls_left = full;
    use.refilled = now;
  }
  if (use.running >= figures_.concurrent) {
    return Refused("Too many calls of this method run at a time; repeat this one later.", 1);
  }
  const double minutes = std::max(0.0, absl::ToDoubleMinutes(now - use.refilled));
  use.calls_left = std::min(full, use.calls_left + minutes * full);
  use.refilled = now;
  if (use.calls_left < 1) {
    const double seconds = std::ceil((1 - use.calls_left) * 60 / full);
    return Refused("Too many calls of this method in a minute; repeat this one later.",
                   static_cast<int>(seconds));
  }
  use.calls_left -= 1;
  ++use.running;
  return absl::OkStatus();
}

void CallLimit::Leave(const std::string& caller) {
  const auto entry = uses_.find(caller);
  if (entry != uses_.end() && entry->second.running > 0) --entry->second.running;
}

void CallLimit::Forget(absl::Time now) {
  std::erase_if(uses_, [now](const auto& entry) {
    return entry.second.running == 0 && entry.second.refilled < now - absl::Minutes(1);
  });
}

}  // namespace latchkey::rpc
