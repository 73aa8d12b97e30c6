#include "sandbox/carrier/twilio/list_filter.h"

#include <fmt/format.h>

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
      since_(ParseTime(std::string(query.Get("StartTime>")))),
      until_(ParseTime(std::string(query.Get("StartTime<")))) {}

// A call that has not begun yet counts from its order.
bool CallFilter::Fits(const Call& call) const {
  if (!to_.empty() && to_ != call.order.to) return false;
  if (!from_.empty() && from_ != call.order.from) return false;
  if (!status_.empty() && status_ != Text(call.status)) return false;
  const absl::Time start = call.started.value_or(call.created);
  if (since_ && start < *since_) return false;
  return !until_ || start <= *until_;
}

PageWanted::PageWanted(const http::Form& query) {
  int number = 0;
  if (absl::SimpleAtoi(std::string(query.Get("PageSize")), &number)) {
    size_ = static_cast<size_t>(std::clamp(number, 1, kPageSizeMax));
  }
  if (absl::SimpleAtoi(std::string(query.Get("Page")), &number) && number > 0) {
    page_ = static_cast<size_t>(number);
  }
  http::Form filter;
  for (const auto& [name, value] : query) {
    const bool paging = name == "PageSize" || name == "Page" || name == "PageToken";
    if (!paging) filter.Add(name, value);
  }
  filter_ = filter.Encode();
}

std::string PageWanted::Link(std::string_view uri, size_t page) const {
  return fmt::format("\"{}?{}{}PageSize={}&Page={}\"", uri, filter_, filter_.empty() ? "" : "&",
                     size_, page);
}

std::string PageWanted::Show(std::string_view name, const std::vector<std::string>& items,
                             std::string_view uri) const {
  const size_t start = std::min(page_ * size_, items.size());
  const size_t end = std::min(start + size_, items.size());
  std::string shown;
  for (size_t i = start; i < end; ++i) shown += (i == start ? "" : ",") + items[i];
  return fmt::format(
      R"({{"{}":[{}],"page":{},"page_size":{},"start":{},"end":{},"uri":{},"first_page_uri":{},)"
      R"("next_page_uri":{},"previous_page_uri":{}}})",
      name, shown, page_, size_, start, end == start ? start : end - 1, Link(uri, page_),
      Link(uri, 0), end < items.size() ? Link(uri, page_ + 1) : "null",
      page_ > 0 ? Link(uri, page_ - 1) : "null");
}

}  // namespace latchkey::sandbox::twilio
