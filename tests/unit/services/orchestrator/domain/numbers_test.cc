#include "services/orchestrator/domain/numbers.h"

#include <gtest/gtest.h>

#include "tests/support/await.h"
#include "tests/support/orchestrator/fake_number_store.h"
#include "tests/support/orchestrator/samples.h"
#include "tests/support/seeded_random.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {
namespace {

class NumbersTest : public ::testing::Test {
 protected:
  NumbersTest() { EXPECT_THAT(Await(tenant_store_.Create(SampleTenant("one"), "r")), IsOk()); }

  NewNumber Wanted(std::string request_id, std::string e164) {
    NewNumber wanted;
    wanted.request_id = std::move(request_id);
    wanted.tenant = tenant_;
    wanted.e164 = std::move(e164);
    return wanted;
  }

  const TenantId tenant_ = SampleTenantId("one");
  SimulatedClock clock_;
  SeededRandom random_;
  FakeTenantStore tenant_store_;
  FakeNumberStore number_store_{tenant_store_};
  Numbers numbers_{number_store_, tenant_store_, clock_, random_};
};

TEST_F(NumbersTest, FindsANumberWithItsTenant) {
  const absl::StatusOr<Number> made = Await(numbers_.Create(Wanted("r1", "+14155550100")));
  ASSERT_THAT(made, IsOk());

  const absl::StatusOr<NumberAndTenant> found = Await(numbers_.Find(tenant_, made->id));

  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->number, *made);
  EXPECT_EQ(found->tenant.id, tenant_);
}

TEST_F(NumbersTest, SaysWhichOfNumberAndTenantIsMissing) {
  const NumberId unknown = *NumberId::Parse("num_unknown");

  EXPECT_THAT(Await(numbers_.Find(tenant_, unknown)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kNumberNotFound));
  EXPECT_THAT(Await(numbers_.Find(SampleTenantId("two"), unknown)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kTenantNotFound));
}

TEST_F(NumbersTest, RefusesWhatIsNoNumberOrNoCarrier) {
  NewNumber no_carrier = Wanted("r1", "+14155550100");
  no_carrier.carrier = Provider::kDeepgram;

  EXPECT_THAT(Await(numbers_.Create(Wanted("r2", "4155550100"))),
              StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedNumber));
  EXPECT_THAT(Await(numbers_.Create(no_carrier)),
              StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest));
}

TEST_F(NumbersTest, KeepsTheAgentWhenTheNewOneIsOutOfRange) {
  const absl::StatusOr<Number> made = Await(numbers_.Create(Wanted("r1", "+14155550100")));
  Agent agent = made->agent;
  agent.call_duration_max = absl::Hours(3);

  EXPECT_THAT(Await(numbers_.ReplaceAgent(tenant_, made->id, agent)),
              StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest));
  EXPECT_EQ(Await(numbers_.Find(tenant_, made->id))->number.agent, made->agent);
}

TEST_F(NumbersTest, PagesThroughAllNumbersOldestFirst) {
  for (int i = 0; i < 5; ++i) {
    clock_.Advance(absl::Seconds(1));
    const std::string digit = std::to_string(i);
    ASSERT_THAT(Await(numbers_.Create(Wanted("r" + digit, "+1415555010" + digit))), IsOk());
  }

  std::vector<std::string> seen;
  std::optional<NumberId> after;
  int pages = 0;
  do {
    absl::StatusOr<NumberPage> page = Await(numbers_.List(tenant_, after, 2));
    ASSERT_THAT(page, IsOk());
    for (const Number& number : page->numbers) seen.push_back(number.e164);
    after = page->next;
    ++pages;
  } while (after.has_value() && pages < 10);

  EXPECT_EQ(pages, 3);
  EXPECT_EQ(seen, (std::vector<std::string>{"+14155550100", "+14155550101", "+14155550102",
                                            "+14155550103", "+14155550104"}));
}

}  // namespace
}  // namespace latchkey::orchestrator
