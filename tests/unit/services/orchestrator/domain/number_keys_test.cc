#include "services/orchestrator/domain/number_keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/orchestrator/domain/reasons.h"
#include "tests/support/await.h"
#include "tests/support/orchestrator/fake_key_catalogue.h"
#include "tests/support/orchestrator/fake_number_store.h"
#include "tests/support/orchestrator/samples.h"
#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {
namespace {

using ::testing::ElementsAre;

class NumberKeysTest : public ::testing::Test {
 protected:
  void Start(Plan plan) {
    Tenant tenant = SampleTenant("one");
    tenant.plan = plan;
    ASSERT_THAT(Await(tenants_.Create(tenant, "r")), IsOk());
  }

  Number Add(const std::string& name, const std::string& e164, const std::string& model = "") {
    Number number = SampleNumber(tenant_, name, e164);
    number.agent.pipeline = Pipeline::kRealtime;
    number.agent.realtime_model = model;
    EXPECT_THAT(Await(numbers_.Create(number, "r" + name)), IsOk());
    return number;
  }

  absl::StatusOr<KeyTargets> Admit(std::optional<std::vector<NumberId>> wanted = std::nullopt) {
    return Await(keys_.Admit(tenant_, wanted));
  }

  const TenantId tenant_ = SampleTenantId("one");
  FakeTenantStore tenants_;
  FakeNumberStore numbers_{tenants_};
  FakeKeyCatalogue catalogue_;
  NumberKeys keys_{numbers_, tenants_, catalogue_};
};

TEST_F(NumberKeysTest, ANumberWithAKeyOfItsOwnIsByok) {
  Start(Plan::kPro);
  const Number with = Add("a", "+14155550101"), without = Add("b", "+14155550102");
  catalogue_.number_keys[with.id] = "sk-proj-...xy12";

  const absl::StatusOr<NumberVoices> voices = Await(keys_.Voices(tenant_));

  ASSERT_THAT(voices, IsOk());
  EXPECT_EQ(voices->Of(with.id), (NumberVoice{VoiceMode::kByok, "sk-proj-...xy12"}));
  EXPECT_EQ(voices->Of(without.id), (NumberVoice{VoiceMode::kManaged, ""}));
}

TEST_F(NumberKeysTest, AfterADowngradeToFreeTheKeyIsShownAndTheNumberIsManaged) {
  Start(Plan::kFree);
  const Number number = Add("a", "+14155550101");
  catalogue_.number_keys[number.id] = "sk-proj-...xy12";

  const absl::StatusOr<NumberVoices> voices = Await(keys_.Voices(tenant_));

  ASSERT_THAT(voices, IsOk());
  EXPECT_EQ(voices->Of(number.id), (NumberVoice{VoiceMode::kManaged, "sk-proj-...xy12"}));
}

TEST_F(NumberKeysTest, WithoutKeyvaultTheModeIsNotGuessed) {
  Start(Plan::kPro);
  catalogue_.reachable = false;

  EXPECT_THAT(Await(keys_.Voices(tenant_)),
              StatusIs(absl::StatusCode::kUnavailable, reasons::kKeyvaultUnreachable));
}

TEST_F(NumberKeysTest, AKeyIsTestedForTheModelThatTheNumberUses) {
  Start(Plan::kPro);
  const Number usual = Add("a", "+14155550101"), mini = Add("b", "+14155550102", "gpt-mini");

  const absl::StatusOr<KeyTargets> targets = Admit({{mini.id, usual.id}});

  ASSERT_THAT(targets, IsOk());
  EXPECT_THAT(targets->numbers,
              ElementsAre(KeyTarget{mini.id, "gpt-mini", Pipeline::kRealtime},
                          KeyTarget{usual.id, std::string(kRealtimeModel), Pipeline::kRealtime}));
}

TEST_F(NumberKeysTest, AllMeansEveryNumberOfTheTenantOldestFirst) {
  Start(Plan::kByok);
  const Number a = Add("a", "+14155550101"), b = Add("b", "+14155550102");

  const absl::StatusOr<KeyTargets> targets = Admit();

  ASSERT_THAT(targets, IsOk());
  ASSERT_EQ(targets->numbers.size(), 2U);
  EXPECT_EQ(targets->numbers[0].number, a.id);
  EXPECT_EQ(targets->numbers[1].number, b.id);
}

TEST_F(NumberKeysTest, AnUnknownNumberIsNamedBesideTheOthers) {
  Start(Plan::kPro);
  const Number known = Add("a", "+14155550101");
  const NumberId unknown = *NumberId::Parse("num_unknown");

  const absl::StatusOr<KeyTargets> targets = Admit({{unknown, known.id}});

  ASSERT_THAT(targets, IsOk());
  EXPECT_EQ(targets->numbers.size(), 1U);
  EXPECT_THAT(targets->unknown, ElementsAre(unknown));
}

TEST_F(NumberKeysTest, OnFreeNoNumberGetsAKey) {
  Start(Plan::kFree);
  const Number number = Add("a", "+14155550101");

  EXPECT_THAT(Admit({{number.id}}),
              StatusIs(absl::StatusCode::kPermissionDenied, reasons::kProRequired));
  EXPECT_THAT(Admit(), StatusIs(absl::StatusCode::kPermissionDenied, reasons::kProRequired));
}

TEST_F(NumberKeysTest, NoNumberAndTooManyAreRefused) {
  Start(Plan::kPro);
  std::vector<NumberId> many;
  for (size_t i = 0; i <= kKeyTargetsMax; ++i) {
    many.push_back(*NumberId::Parse("num_" + std::to_string(i)));
  }

  EXPECT_THAT(Admit(), StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest));
  EXPECT_THAT(Admit(many),
              StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest));
}

}  // namespace
}  // namespace latchkey::orchestrator
