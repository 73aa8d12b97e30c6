#include "lib/base/money.h"

#include <fmt/format.h>

#include <cstdlib>

namespace latchkey {
namespace {

constexpr int64_t kMicros = 1'000'000;
constexpr int64_t kSecondsPerMinute = 60;
constexpr size_t kDecimalsMin = 2;

std::string Grouped(int64_t whole) {
  std::string digits = std::to_string(whole);
  for (auto at = static_cast<int64_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<size_t>(at), ",");
  }
  return digits;
}

}  // namespace

Money ForSeconds(const Money& per_minute, int64_t seconds) {
  const __int128 product = static_cast<__int128>(per_minute.micros) * seconds;
  auto quotient = static_cast<int64_t>(product / kSecondsPerMinute);
  const auto twice = static_cast<int64_t>(product % kSecondsPerMinute) * 2;
  const bool odd = quotient % 2 != 0;
  if (twice > kSecondsPerMinute || (twice == kSecondsPerMinute && odd)) ++quotient;
  if (twice < -kSecondsPerMinute || (twice == -kSecondsPerMinute && odd)) --quotient;
  return Money{.currency = per_minute.currency, .micros = quotient};
}

std::string FormatMoney(const Money& money) {
  const int64_t size = std::abs(money.micros);
  std::string decimals = fmt::format("{:06}", size % kMicros);
  while (decimals.size() > kDecimalsMin && decimals.back() == '0') decimals.pop_back();
  const std::string amount = Grouped(size / kMicros) + "." + decimals;
  const std::string sign = money.micros < 0 ? "-" : "";
  if (money.currency == "USD") return sign + "$" + amount;
  if (money.currency == "INR") return sign + "₹" + amount;
  return sign + amount + " " + money.currency;
}

}  // namespace latchkey
