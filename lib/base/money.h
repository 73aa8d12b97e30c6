// Money: whole millionths of a currency's unit. Never a float.
#pragma once

#include <cstdint>
#include <string>

namespace latchkey {

struct Money {
  std::string currency;  // ISO 4217, "USD"
  int64_t micros = 0;    // $0.40 is 400'000

  friend bool operator==(const Money&, const Money&) = default;
};

// `per_minute` for `seconds`, rounded half to even to a micro-unit: the rule of IEEE 754's default
// and of ASTM E29, which does not drift upwards over many calls.
Money ForSeconds(const Money& per_minute, int64_t seconds);

// For people: "$0.40", "₹10,000.00", "0.105 EUR"; never fewer than two decimals.
std::string FormatMoney(const Money& money);

}  // namespace latchkey
