#include "lib/base/money.h"

#include <gtest/gtest.h>

namespace latchkey {
namespace {

Money Dollars(int64_t micros) { return Money{.currency = "USD", .micros = micros}; }

TEST(MoneyTest, RatesWholeMinutesExactly) {
  EXPECT_EQ(ForSeconds(Dollars(400'000), 60), Dollars(400'000));
  EXPECT_EQ(ForSeconds(Dollars(400'000), 0), Dollars(0));
  EXPECT_EQ(ForSeconds(Dollars(100'000), 90), Dollars(150'000));
}

TEST(MoneyTest, RoundsHalfToEven) {
  EXPECT_EQ(ForSeconds(Dollars(1), 30), Dollars(0));    // 0.5 → 0
  EXPECT_EQ(ForSeconds(Dollars(3), 30), Dollars(2));    // 1.5 → 2
  EXPECT_EQ(ForSeconds(Dollars(1), 31), Dollars(1));    // 0.517 → 1
  EXPECT_EQ(ForSeconds(Dollars(1), 29), Dollars(0));    // 0.483 → 0
  EXPECT_EQ(ForSeconds(Dollars(-3), 30), Dollars(-2));  // -1.5 → -2
  EXPECT_EQ(ForSeconds(Dollars(-1), 30), Dollars(0));   // -0.5 → 0
}

TEST(MoneyTest, DoesNotOverflowOnLongCalls) {
  const int64_t a_day = 86'400;

  EXPECT_EQ(ForSeconds(Dollars(1'000'000'000'000'000), a_day), Dollars(1'440'000'000'000'000'000));
}

TEST(MoneyTest, FormatsForPeople) {
  EXPECT_EQ(FormatMoney(Dollars(400'000)), "$0.40");
  EXPECT_EQ(FormatMoney(Dollars(-1'234'567'890'000)), "-$1,234,567.89");
  EXPECT_EQ(FormatMoney(Money{.currency = "INR", .micros = 10'000'000'000}), "₹10,000.00");
  EXPECT_EQ(FormatMoney(Money{.currency = "EUR", .micros = 105'000}), "0.105 EUR");
}

}  // namespace
}  // namespace latchkey
