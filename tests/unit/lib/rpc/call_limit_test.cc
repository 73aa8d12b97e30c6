#include "lib/rpc/call_limit.h"

#include <gtest/gtest.h>

#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "lib/base/error.h"
#include "tests/support/status_matchers.h"

namespace latchkey::rpc {
namespace {

using absl::StatusCode;

class CallLimitTest : public testing::Test {
 protected:
  absl::Status Call(const std::string& caller) {
    absl::Status admitted = limit_.Admit(caller, now_);
    if (admitted.ok()) limit_.Leave(caller);
    return admitted;
  }

  absl::Time now_ = absl::FromUnixSeconds(1'750'000'000);
  CallLimit limit_{{.concurrent = 2, .per_minute = 6}};
};

TEST_F(CallLimitTest, SoManyRunAtATimeAndTheNextOneWhenOneHasEnded) {
  ASSERT_THAT(limit_.Admit("media/m1", now_), IsOk());
  ASSERT_THAT(limit_.Admit("media/m1", now_), IsOk());

  const absl::Status third = limit_.Admit("media/m1", now_);
  limit_.Leave("media/m1");

  EXPECT_THAT(third, StatusIs(StatusCode::kResourceExhausted, "rate_limited"));
  EXPECT_EQ(Metadata(third)["retry_after_seconds"], "1");
  EXPECT_THAT(limit_.Admit("media/m1", now_), IsOk());
}

TEST_F(CallLimitTest, AMinutesWorthMayComeAtOnceAndThenAsTheyAreRefilled) {
  for (int i = 0; i < 6; ++i) ASSERT_THAT(Call("media/m1"), IsOk());

  const absl::Status seventh = Call("media/m1");
  now_ += absl::Seconds(10);

  EXPECT_THAT(seventh, StatusIs(StatusCode::kResourceExhausted, "rate_limited"));
  EXPECT_EQ(Metadata(seventh)["retry_after_seconds"], "10");
  EXPECT_THAT(Call("media/m1"), IsOk());
  EXPECT_THAT(Call("media/m1"), StatusIs(StatusCode::kResourceExhausted, "rate_limited"));
}

TEST_F(CallLimitTest, OneCallerDoesNotUseUpAnothersShare) {
  for (int i = 0; i < 7; ++i) (void)Call("media/m1");

  EXPECT_THAT(Call("media/m2"), IsOk());
}

TEST_F(CallLimitTest, AClockThatGoesBackGivesNothingAndTakesNothing) {
  for (int i = 0; i < 5; ++i) ASSERT_THAT(Call("media/m1"), IsOk());
  now_ -= absl::Hours(1);

  EXPECT_THAT(Call("media/m1"), IsOk());
  EXPECT_THAT(Call("media/m1"), StatusIs(StatusCode::kResourceExhausted, "rate_limited"));
}

TEST_F(CallLimitTest, ACrowdBeyondAnyFleetIsRefusedUntilItHasBeenAway) {
  for (int i = 0; i < 10'000; ++i) ASSERT_THAT(Call("media/m" + std::to_string(i)), IsOk());
  EXPECT_THAT(Call("media/late"), StatusIs(StatusCode::kResourceExhausted, "rate_limited"));

  now_ += absl::Seconds(61);

  EXPECT_THAT(Call("media/late"), IsOk());
}

TEST_F(CallLimitTest, EveryMethodOfAContractHasFigures) {
  const auto* service =
      latchkey::keyvault::v1::PutKeyRequest::descriptor()->file()->FindServiceByName("KeyVault");
  for (int i = 0; i < service->method_count(); ++i) {
    EXPECT_THAT(LimitOf(*service->method(i)), IsOk()) << service->method(i)->full_name();
  }
}

}  // namespace
}  // namespace latchkey::rpc
