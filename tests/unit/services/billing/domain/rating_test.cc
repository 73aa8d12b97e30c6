#include "services/billing/domain/rating.h"

#include <gtest/gtest.h>

#include "tests/support/billing/sample_call.h"

namespace latchkey::billing {
namespace {

TEST(RatingTest, AnsweredTimeIsRoundedUpToTheIncrement) {
  EXPECT_EQ(BilledSeconds(61, 1), 61);
  EXPECT_EQ(BilledSeconds(61, 60), 120);
  EXPECT_EQ(BilledSeconds(60, 60), 60);
  EXPECT_EQ(BilledSeconds(1, 6), 6);
}

TEST(RatingTest, ACallThatNobodyAnsweredCostsNothing) {
  EndedCall ended = SampleCall("call_a", 0);
  ended.rate.increment_s = 60;

  const UsageEvent event = RateCall(ended);

  EXPECT_EQ(event.billed_s, 0);
  EXPECT_EQ(event.cost.micros, 0);
}

TEST(RatingTest, AMinuteAndASecondOfABundledCall) {
  // 61 s * $0.40 / 60 = $0.406666…, half even to the micro-unit.
  EXPECT_EQ(RateCall(SampleCall("call_a", 61)).cost, (Money{.currency = "USD", .micros = 406'667}));
}

TEST(RatingTest, AMinuteAndASecondOnANumbersKey) {
  EndedCall ended = SampleCall("call_a", 61);
  ended.rate.per_minute.micros = 100'000;
  ended.mode = BillingMode::kByokNumber;

  const UsageEvent event = RateCall(ended);

  // 61 s * $0.10 / 60 = $0.101666…
  EXPECT_EQ(event.cost, (Money{.currency = "USD", .micros = 101'667}));
  EXPECT_EQ(event.ended.mode, BillingMode::kByokNumber);
}

TEST(RatingTest, HalvesAreRoundedToEven) {
  EndedCall ended = SampleCall("call_a", 30);
  ended.rate.per_minute.micros = 1;  // Half a micro-unit.
  EXPECT_EQ(RateCall(ended).cost.micros, 0);
  ended.rate.per_minute.micros = 3;  // One and a half.
  EXPECT_EQ(RateCall(ended).cost.micros, 2);
}

TEST(RatingTest, ARepetitionMayTellAnotherTimeButNoOtherFigures) {
  const EndedCall first = SampleCall();
  EndedCall later = first;
  later.end_time += absl::Seconds(3);
  EndedCall longer = first;
  longer.answered_s += 1;
  EndedCall dearer = first;
  dearer.rate.per_minute.micros += 1;

  EXPECT_TRUE(SameFigures(first, later));
  EXPECT_FALSE(SameFigures(first, longer));
  EXPECT_FALSE(SameFigures(first, dearer));
}

}  // namespace
}  // namespace latchkey::billing
