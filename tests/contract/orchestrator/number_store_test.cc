// The contract of NumberStore.
#include <gtest/gtest.h>

#include "tests/contract/orchestrator/worlds.h"

namespace latchkey::orchestrator {
namespace {

template <typename World>
class NumberStoreContract : public ::testing::Test {
 protected:
  NumberStoreContract() {
    EXPECT_THAT(Run(world_.tenants.Create(SampleTenant("one"), "r1")), IsOk());
    EXPECT_THAT(Run(world_.tenants.Create(SampleTenant("two"), "r2")), IsOk());
  }

  template <typename T>
  T Run(Task<T> task) {
    return Await(world_.io, std::move(task));
  }

  World world_;
  const TenantId one_ = SampleTenantId("one");
  const TenantId two_ = SampleTenantId("two");
  const Number number_ = SampleNumber(one_, "a", "+14155550100");
};
TYPED_TEST_SUITE(NumberStoreContract, Worlds);

TYPED_TEST(NumberStoreContract, GivesBackWhatWasKeptToItsTenantAlone) {
  EXPECT_THAT(this->Run(this->world_.numbers.Create(this->number_, "r")),
              IsOkAndHolds(this->number_));

  EXPECT_THAT(this->Run(this->world_.numbers.Find(this->one_, this->number_.id)),
              IsOkAndHolds(this->number_));
  EXPECT_THAT(this->Run(this->world_.numbers.Find(this->two_, this->number_.id)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kNumberNotFound));
}

TYPED_TEST(NumberStoreContract, FindsTheNumberThatIsCalledWhoeversItIs) {
  const E164 called = E164::Parse("+14155550100").value();
  EXPECT_THAT(this->Run(this->world_.numbers.FindByE164(called)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kNumberNotFound));
  ASSERT_THAT(this->Run(this->world_.numbers.Create(this->number_, "r")), IsOk());

  EXPECT_THAT(this->Run(this->world_.numbers.FindByE164(called)), IsOkAndHolds(this->number_));
}

TYPED_TEST(NumberStoreContract, AnswersARepeatedRequestWithTheFirstNumber) {
  ASSERT_THAT(this->Run(this->world_.numbers.Create(this->number_, "r")), IsOk());
  const Number again = SampleNumber(this->one_, "b", "+14155550100");

  EXPECT_THAT(this->Run(this->world_.numbers.Create(again, "r")), IsOkAndHolds(this->number_));
}

TYPED_TEST(NumberStoreContract, GivesANumberToOneTenant) {
  ASSERT_THAT(this->Run(this->world_.numbers.Create(this->number_, "r")), IsOk());
  const Number taken = SampleNumber(this->two_, "b", "+14155550100");

  EXPECT_THAT(this->Run(this->world_.numbers.Create(taken, "r")),
              StatusIs(absl::StatusCode::kAlreadyExists, reasons::kNumberTaken));
}

TYPED_TEST(NumberStoreContract, RefusesANumberOfNobody) {
  const Number number = SampleNumber(SampleTenantId("three"), "a", "+14155550100");

  EXPECT_THAT(this->Run(this->world_.numbers.Create(number, "r")),
              StatusIs(absl::StatusCode::kNotFound, reasons::kTenantNotFound));
}

TYPED_TEST(NumberStoreContract, ReplacesTheAgentOfItsTenantsNumber) {
  ASSERT_THAT(this->Run(this->world_.numbers.Create(this->number_, "r")), IsOk());
  Agent agent;
  agent.system_prompt = "You speak ünïcode.";
  agent.language = "de";
  agent.call_duration_max = absl::Milliseconds(90'500);
  agent.pipeline = Pipeline::kRealtime;
  agent.realtime_model = "gpt-realtime-2.1-mini";
  agent.realtime_voice = "cedar";
  agent.turn_detection = TurnDetection::kSemanticVad;
  Number expected = this->number_;
  expected.agent = agent;

  EXPECT_THAT(this->Run(this->world_.numbers.ReplaceAgent(this->two_, this->number_.id, agent)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kNumberNotFound));
  EXPECT_THAT(this->Run(this->world_.numbers.ReplaceAgent(this->one_, this->number_.id, agent)),
              IsOkAndHolds(expected));
  EXPECT_THAT(this->Run(this->world_.numbers.Find(this->one_, this->number_.id)),
              IsOkAndHolds(expected));
}

TYPED_TEST(NumberStoreContract, ListsATenantsNumbersOldestFirst) {
  Number young = SampleNumber(this->one_, "a", "+14155550101");
  young.create_time += absl::Seconds(1);
  const Number old = SampleNumber(this->one_, "z", "+14155550102");
  const Number foreign = SampleNumber(this->two_, "m", "+14155550103");
  ASSERT_THAT(this->Run(this->world_.numbers.Create(young, "r1")), IsOk());
  ASSERT_THAT(this->Run(this->world_.numbers.Create(old, "r2")), IsOk());
  ASSERT_THAT(this->Run(this->world_.numbers.Create(foreign, "r3")), IsOk());

  EXPECT_THAT(this->Run(this->world_.numbers.List(this->one_, std::nullopt, 10)),
              IsOkAndHolds(std::vector<Number>{old, young}));
  EXPECT_THAT(this->Run(this->world_.numbers.List(this->one_, std::nullopt, 1)),
              IsOkAndHolds(std::vector<Number>{old}));
  EXPECT_THAT(this->Run(this->world_.numbers.List(this->one_, old.id, 10)),
              IsOkAndHolds(std::vector<Number>{young}));
  EXPECT_THAT(this->Run(this->world_.numbers.List(this->one_, young.id, 10)),
              IsOkAndHolds(std::vector<Number>{}));
}

}  // namespace
}  // namespace latchkey::orchestrator
