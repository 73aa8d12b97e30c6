#include "lib/base/e164.h"

#include <algorithm>

#include "lib/base/error.h"

namespace latchkey {
namespace {

constexpr size_t kDigitsMin = 7;
constexpr size_t kDigitsMax = 15;  // ITU-T E.164, section 6
constexpr size_t kShownHead = 5;   // "+1415"
constexpr size_t kShownTail = 4;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

absl::StatusOr<E164> E164::Parse(std::string_view text) {
  const std::string_view digits = text.empty() ? text : text.substr(1);
  const bool well_formed = text.starts_with('+') && digits.size() >= kDigitsMin &&
                           digits.size() <= kDigitsMax && digits.front() != '0' &&
                           std::ranges::all_of(digits, IsDigit);
  if (well_formed) return E164(std::string(text));
  return Error(absl::StatusCode::kInvalidArgument, "malformed_number",
               "Write the phone number in international form: a plus, the country code and the "
               "rest without spaces, for example +14155550100.");
}

std::string E164::Masked() const {
  // The shortest numbers would show all of themselves: they keep only their tail.
  const size_t hidden_min = kShownHead + kShownTail + 2;
  const size_t head = text_.size() >= hidden_min ? kShownHead : 2;
  return text_.substr(0, head) + "…" + text_.substr(text_.size() - kShownTail);
}

}  // namespace latchkey
