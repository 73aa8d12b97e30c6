// What every UsageBook does: the fake and Postgres'.
#include <gtest/gtest.h>

#include <memory>

#include "services/billing/adapters/postgres_usage_book.h"
#include "services/billing/domain/rating.h"
#include "tests/support/await.h"
#include "tests/support/billing/billing_database.h"
#include "tests/support/billing/fake_usage_book.h"
#include "tests/support/billing/sample_call.h"
#include "tests/support/status_matchers.h"

namespace latchkey::billing {
namespace {

class UsageBookTest : public testing::TestWithParam<bool> {
 protected:
  UsageBookTest() {
    if (!GetParam()) return;
    database_ = std::make_unique<BillingDatabase>(io_);
    postgres_ = std::make_unique<PostgresUsageBook>(database_->pool());
  }
  UsageBook& book() { return GetParam() ? static_cast<UsageBook&>(*postgres_) : fake_; }
  absl::StatusOr<UsageEvent> Record(const EndedCall& ended) {
    const UsageEvent event = RateCall(ended);
    return Await(io_, book().Record(event));
  }
  std::vector<std::string> Calls(const UsageFilter& filter,
                                 std::optional<UsageCursor> after = std::nullopt, int limit = 10) {
    const auto events = Await(io_, book().List(filter, after, limit));
    std::vector<std::string> calls;
    for (const UsageEvent& event : events.value()) calls.push_back(event.ended.call.text());
    return calls;
  }
  static UsageFilter All() {
    UsageFilter filter;
    filter.tenant = SampleCall().tenant;
    return filter;
  }

  boost::asio::io_context io_{1};
  FakeUsageBook fake_;
  std::unique_ptr<BillingDatabase> database_;
  std::unique_ptr<PostgresUsageBook> postgres_;
};

EndedCall EndedAt(const std::string& call, int second) {
  EndedCall ended = SampleCall(call);
  ended.end_time = absl::FromUnixSeconds(1'790'000'000 + second);
  return ended;
}

TEST_P(UsageBookTest, AnEventComesBackAsItWasWritten) {
  EndedCall ended = SampleCall();
  ended.mode = BillingMode::kByokTenant;
  ended.rate.increment_s = 6;

  const auto kept = Record(ended);

  ASSERT_THAT(kept, IsOk());
  EXPECT_TRUE(SameFigures(kept->ended, ended));
  EXPECT_EQ(kept->ended.end_time, ended.end_time);
  EXPECT_EQ(kept->billed_s, 66);
  EXPECT_EQ(kept->cost, (Money{.currency = "USD", .micros = 440'000}));
}

TEST_P(UsageBookTest, TheFirstEventOfACallStands) {
  ASSERT_THAT(Record(SampleCall("call_a", 10)), IsOk());

  const auto second = Record(SampleCall("call_a", 20));

  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->ended.answered_s, 10);
  EXPECT_EQ(Calls(All()).size(), 1u);
}

TEST_P(UsageBookTest, EventsAreListedOldestFirstAndGoOnAfterACursor) {
  Record(EndedAt("call_b", 2)).value();
  Record(EndedAt("call_c", 2)).value();
  Record(EndedAt("call_a", 3)).value();
  Record(EndedAt("call_d", 1)).value();

  EXPECT_EQ(Calls(All()), (std::vector<std::string>{"call_d", "call_b", "call_c", "call_a"}));
  EXPECT_EQ(Calls(All(), std::nullopt, 2), (std::vector<std::string>{"call_d", "call_b"}));
  const UsageCursor after{absl::FromUnixSeconds(1'790'000'002), "call_b"};
  EXPECT_EQ(Calls(All(), after), (std::vector<std::string>{"call_c", "call_a"}));
}

TEST_P(UsageBookTest, APeriodIncludesItsStartAndNotItsEnd) {
  Record(EndedAt("call_a", 1)).value();
  Record(EndedAt("call_b", 2)).value();
  Record(EndedAt("call_c", 3)).value();
  UsageFilter filter = All();
  filter.start = absl::FromUnixSeconds(1'790'000'002);
  filter.end = absl::FromUnixSeconds(1'790'000'003);

  EXPECT_EQ(Calls(filter), std::vector<std::string>{"call_b"});
}

TEST_P(UsageBookTest, ATenantSeesItsOwnAlone) {
  Record(SampleCall("call_a")).value();
  UsageFilter filter;
  filter.tenant = TenantId::Parse("tnt_other").value();

  EXPECT_TRUE(Calls(filter).empty());
  const auto totals = Await(io_, book().Total(filter));
  ASSERT_THAT(totals, IsOk());
  EXPECT_EQ(totals->calls, 0);
  EXPECT_TRUE(totals->costs.empty());
}

TEST_P(UsageBookTest, OneCallCanBeAskedFor) {
  Record(SampleCall("call_a")).value();
  Record(SampleCall("call_b")).value();
  UsageFilter filter = All();
  filter.call = CallId::Parse("call_b").value();

  EXPECT_EQ(Calls(filter), std::vector<std::string>{"call_b"});
}

TEST_P(UsageBookTest, TotalsAreGivenForEachCurrency) {
  Record(SampleCall("call_a", 60)).value();
  Record(SampleCall("call_b", 30)).value();
  EndedCall rupees = SampleCall("call_c", 60);
  rupees.rate.per_minute = Money{.currency = "INR", .micros = 5'000'000};
  Record(rupees).value();

  const auto totals = Await(io_, book().Total(All()));

  ASSERT_THAT(totals, IsOk());
  EXPECT_EQ(totals->calls, 3);
  EXPECT_EQ(totals->billed_s, 150);
  EXPECT_EQ(totals->costs, (std::vector<Money>{{.currency = "INR", .micros = 5'000'000},
                                               {.currency = "USD", .micros = 600'000}}));
}

INSTANTIATE_TEST_SUITE_P(FakeAndPostgres, UsageBookTest, testing::Bool());

}  // namespace
}  // namespace latchkey::billing
