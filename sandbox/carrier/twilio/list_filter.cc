#include "sandbox/carrier/twilio/list_filter.h"

#include <algorithm>

#include "absl/strings/numbers.h"

namespace latchkey::sandbox::twilio {
namespace {

constexpr int kPageSizeMax = 1000;

std::optional<absl::Time> ParseTime(const std::string& text) {
  for (const char* format : {"%Y-%m-%d", "%Y-%m-%dT%H:%M:%E*S%Ez"}) {
    absl::Time time;
    std::string error;
    if (absl::ParseTime(format, text, absl::UTCTimeZone(), &time, &error)) return time;
  }
  return std::nullopt;
}

}  // namespace

// "StartTime>=2026-11-22" is, to a form, the key "StartTime>".
CallFilter::CallFilter(const http::Form& query)
    : to_(query.Get("To")),
      from_(query.Get("From")),
      status_(query.Get("Status")),
      since_(ParseTime(std::string(query.Get("StartTime>")))) {
  int size = 0;
  if (absl::SimpleAtoi(std::string(query.Get("PageSize")), &size)) {
    page_size_ = std::clamp(size, 1, kPageSizeMax);
  }
}

// A call that has not begun yet counts from its order.
bool CallFilter::Fits(const Call& call) const {
  if (!to_.empty() && to_ != call.order.to) return false;
  if (!from_.empty() && from_ != call.order.from) return false;
  if (!status_.empty() && status_ != Text(call.status)) return false;
  return !since_ || call.started.value_or(call.created) >= *since_;
}

}  // namespace latchkey::sandbox::twilio
