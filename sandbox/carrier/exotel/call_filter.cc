#include "sandbox/carrier/exotel/call_filter.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_split.h"
#include "sandbox/carrier/exotel/numbers.h"

namespace latchkey::sandbox::exotel {
namespace {

std::vector<std::string> Listed(const http::Form& query, std::string_view name) {
  if (!query.Has(name)) return {};
  return absl::StrSplit(std::string(query.Get(name)), ',');
}

std::vector<std::string> Numbers(const http::Form& query, std::string_view name) {
  std::vector<std::string> numbers = Listed(query, name);
  for (std::string& number : numbers) number = ToE164(number).value_or(number);
  return numbers;
}

bool Allows(const std::vector<std::string>& list, const std::string& value) {
  return list.empty() || std::ranges::find(list, value) != list.end();
}

}  // namespace

CallFilter::CallFilter(const http::Form& query)
    : sids_(Listed(query, "Sid")), from_(Numbers(query, "From")), to_(Numbers(query, "To")) {
  for (const std::string& part : Listed(query, "DateCreated")) {
    const std::vector<std::string> bounds = absl::StrSplit(part, ';');
    for (const std::string& bound : bounds) {
      if (bound.starts_with("gte:")) since_ = ParseTime(std::string_view(bound).substr(4));
      if (bound.starts_with("lte:")) until_ = ParseTime(std::string_view(bound).substr(4));
    }
  }
}

// Exotel's From is the person, and its To is nobody in the calls that are made here.
bool CallFilter::Fits(const ExotelCall& call) const {
  if (!Allows(sids_, call.sid) || !Allows(from_, call.order.customer) || !to_.empty()) return false;
  if (since_ && call.created < *since_) return false;
  return !until_ || call.created <= *until_;
}

}  // namespace latchkey::sandbox::exotel
