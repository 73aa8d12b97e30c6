#include "services/billing/domain/metering.h"

#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "tests/support/await.h"
#include "tests/support/billing/fake_rate_cards.h"
#include "tests/support/billing/fake_usage_book.h"
#include "tests/support/billing/sample_call.h"
#include "tests/support/status_matchers.h"

namespace latchkey::billing {
namespace {

class MeteringTest : public testing::Test {
 protected:
  absl::StatusOr<Rate> Authorize(std::string plan, BillingMode mode, std::string currency) {
    const RateQuery query{std::move(plan), mode, std::move(currency)};
    return Await(metering_.Authorize(query));
  }

  FakeRateCards cards_;
  FakeUsageBook book_;
  Metering metering_{cards_, book_};
};

TEST_F(MeteringTest, ABundledMinuteCostsFortyCents) {
  const auto rate = Authorize("free", BillingMode::kBundled, "USD");

  ASSERT_THAT(rate, IsOk());
  EXPECT_EQ(rate->per_minute, (Money{.currency = "USD", .micros = 400'000}));
  EXPECT_EQ(rate->increment_s, 1);
}

TEST_F(MeteringTest, AMinuteOnOnesOwnKeysIsFree) {
  const auto rate = Authorize("byok", BillingMode::kByokTenant, "INR");

  ASSERT_THAT(rate, IsOk());
  EXPECT_EQ(rate->per_minute.micros, 0);
}

TEST_F(MeteringTest, APriceThatWasNeverSetIsMissing) {
  EXPECT_THAT(Authorize("free", BillingMode::kBundled, "EUR"),
              StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kRateMissing));
  EXPECT_THAT(Authorize("free", BillingMode::kByokTenant, "USD"),
              StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kRateMissing));
}

TEST_F(MeteringTest, ACallIsMeteredOnceHoweverOftenItIsTold) {
  const EndedCall ended = SampleCall();
  ASSERT_THAT(Await(metering_.Record(ended)), IsOk());
  ASSERT_THAT(Await(metering_.Record(ended)), IsOk());
  UsageFilter filter;
  filter.tenant = ended.tenant;

  const auto page = Await(metering_.Usage(filter, std::nullopt, 10));

  ASSERT_THAT(page, IsOk());
  EXPECT_EQ(page->totals.calls, 1);
  EXPECT_EQ(page->totals.billed_s, 61);
  EXPECT_EQ(page->events.size(), 1u);
}

TEST_F(MeteringTest, OtherFiguresForAMeteredCallAreRefusedAndTheFirstStand) {
  const EndedCall ended = SampleCall("call_a", 61);
  const EndedCall longer = SampleCall("call_a", 600);
  ASSERT_THAT(Await(metering_.Record(ended)), IsOk());

  EXPECT_THAT(Await(metering_.Record(longer)),
              StatusIs(absl::StatusCode::kAlreadyExists, reasons::kUsageConflict));

  UsageFilter filter;
  filter.tenant = ended.tenant;
  EXPECT_EQ(Await(metering_.Usage(filter, std::nullopt, 10))->totals.billed_s, 61);
}

TEST_F(MeteringTest, PagesFollowEachOtherAndTotalsCoverThemAll) {
  for (const char* call : {"call_a", "call_b", "call_c"}) {
    const EndedCall ended = SampleCall(call, 60);
    ASSERT_THAT(Await(metering_.Record(ended)), IsOk());
  }
  UsageFilter filter;
  filter.tenant = SampleCall().tenant;

  const auto first = Await(metering_.Usage(filter, std::nullopt, 2));
  ASSERT_TRUE(first->next.has_value());
  const auto second = Await(metering_.Usage(filter, first->next, 2));

  EXPECT_EQ(first->events.size(), 2u);
  EXPECT_EQ(first->totals.calls, 3);
  ASSERT_EQ(second->events.size(), 1u);
  EXPECT_EQ(second->events[0].ended.call.text(), "call_c");
  EXPECT_FALSE(second->next.has_value());
}

TEST_F(MeteringTest, WhatTheBooksCannotTakePassesOn) {
  book_.failure = Error(absl::StatusCode::kUnavailable, reasons::kPostgresUnavailable, "Down.");
  const EndedCall ended = SampleCall();

  EXPECT_THAT(Await(metering_.Record(ended)),
              StatusIs(absl::StatusCode::kUnavailable, reasons::kPostgresUnavailable));
}

}  // namespace
}  // namespace latchkey::billing
