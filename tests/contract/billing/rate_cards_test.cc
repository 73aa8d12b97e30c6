// What every RateCards does: the fake and Postgres'.
#include <gtest/gtest.h>

#include <memory>

#include "services/billing/adapters/postgres_rate_cards.h"
#include "services/billing/domain/reasons.h"
#include "tests/support/await.h"
#include "tests/support/billing/billing_database.h"
#include "tests/support/billing/fake_rate_cards.h"
#include "tests/support/status_matchers.h"

namespace latchkey::billing {
namespace {

class RateCardsTest : public testing::TestWithParam<bool> {
 protected:
  RateCardsTest() {
    if (!GetParam()) return;
    database_ = std::make_unique<BillingDatabase>(io_);
    postgres_ = std::make_unique<PostgresRateCards>(database_->pool());
  }
  absl::StatusOr<Rate> Find(std::string plan, BillingMode mode, std::string currency) {
    const RateQuery query{std::move(plan), mode, std::move(currency)};
    RateCards& cards = GetParam() ? static_cast<RateCards&>(*postgres_) : fake_;
    return Await(io_, cards.Find(query));
  }

  boost::asio::io_context io_{1};
  FakeRateCards fake_;
  std::unique_ptr<BillingDatabase> database_;
  std::unique_ptr<PostgresRateCards> postgres_;
};

TEST_P(RateCardsTest, EveryPlanHasAPriceForBundledMinutesInDollars) {
  for (const char* plan : {"free", "pro", "byok"}) {
    const auto rate = Find(plan, BillingMode::kBundled, "USD");
    ASSERT_THAT(rate, IsOk());
    EXPECT_EQ(rate->per_minute, (Money{.currency = "USD", .micros = 400'000}));
    EXPECT_EQ(rate->increment_s, 1);
  }
}

TEST_P(RateCardsTest, OwnKeysCostNothingAMinuteOnPlanByok) {
  for (const char* currency : {"USD", "INR"}) {
    const auto rate = Find("byok", BillingMode::kByokTenant, currency);
    ASSERT_THAT(rate, IsOk());
    EXPECT_EQ(rate->per_minute, (Money{.currency = currency, .micros = 0}));
  }
}

TEST_P(RateCardsTest, AMinuteOnANumbersKeyCostsTenCentsOnPro) {
  const auto rate = Find("pro", BillingMode::kByokNumber, "USD");
  ASSERT_THAT(rate, IsOk());
  EXPECT_EQ(rate->per_minute, (Money{.currency = "USD", .micros = 100'000}));
  EXPECT_EQ(rate->increment_s, 1);
}

TEST_P(RateCardsTest, AMinuteOnANumbersKeyCostsNothingOnPlanByok) {
  for (const char* currency : {"USD", "INR"}) {
    const auto rate = Find("byok", BillingMode::kByokNumber, currency);
    ASSERT_THAT(rate, IsOk());
    EXPECT_EQ(rate->per_minute, (Money{.currency = currency, .micros = 0}));
  }
}

TEST_P(RateCardsTest, WhatIsNotSoldIsNotFound) {
  EXPECT_THAT(Find("free", BillingMode::kBundled, "EUR"),
              StatusIs(absl::StatusCode::kNotFound, reasons::kRateMissing));
  EXPECT_THAT(Find("pro", BillingMode::kByokNumber, "EUR"),
              StatusIs(absl::StatusCode::kNotFound, reasons::kRateMissing));
  EXPECT_THAT(Find("free", BillingMode::kByokNumber, "USD"),
              StatusIs(absl::StatusCode::kNotFound, reasons::kRateMissing));
  EXPECT_THAT(Find("pro", BillingMode::kByokTenant, "USD"),
              StatusIs(absl::StatusCode::kNotFound, reasons::kRateMissing));
}

INSTANTIATE_TEST_SUITE_P(FakeAndPostgres, RateCardsTest, testing::Bool());

}  // namespace
}  // namespace latchkey::billing
