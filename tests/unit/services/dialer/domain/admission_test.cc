#include "services/dialer/domain/admission.h"

#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "services/dialer/domain/reasons.h"
#include "tests/support/dialer/sample_line.h"
#include "tests/support/status_matchers.h"

namespace latchkey::dialer {
namespace {

class AdmissionTest : public testing::Test {
 protected:
  AdmissionTest() { callee_.facts = {.region = "IN", .possible = true}; }
  absl::Status Admit() const { return AdmitCallee(tenant_, callee_, zones_, now_); }

  Tenant tenant_ = SampleLine().tenant;
  Callee callee_;
  phone::Zones zones_ = phone::Zones::Load().value();
  absl::Time now_ = kIndianNoon;
};

TEST_F(AdmissionTest, ACalleeInTheTenantsCountryAtNoonIsAdmitted) { EXPECT_THAT(Admit(), IsOk()); }

TEST_F(AdmissionTest, ANumberThatCannotExistIsRefused) {
  callee_.facts.possible = false;
  EXPECT_THAT(Admit(), StatusIs(absl::StatusCode::kInvalidArgument, reasons::kNumberNotCallable));
}

TEST_F(AdmissionTest, EmergencyAndPremiumNumbersAreNeverCalledWhateverTheRulesSay) {
  tenant_.rules.window = {0, 1440};
  tenant_.rules.countries = {"IN"};
  callee_.facts.emergency = true;
  EXPECT_THAT(Admit(), StatusIs(absl::StatusCode::kPermissionDenied, reasons::kEmergencyNumber));
  callee_.facts = {.region = "IN", .possible = true, .premium = true};
  EXPECT_THAT(Admit(), StatusIs(absl::StatusCode::kPermissionDenied, reasons::kPremiumNumber));
}

TEST_F(AdmissionTest, AnotherCountryNeedsARule) {
  callee_.facts.region = "LK";
  EXPECT_THAT(Admit(), StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCountryNotAllowed));
  tenant_.rules.countries = {"IN", "LK"};
  EXPECT_THAT(Admit(), IsOk());
}

TEST_F(AdmissionTest, RulesThatNameCountriesReplaceTheTenantsOwn) {
  tenant_.rules.countries = {"LK"};
  EXPECT_THAT(Admit(), StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCountryNotAllowed));
}

TEST_F(AdmissionTest, ANumberOfNoCountryIsRefused) {
  callee_.facts.region = "";
  tenant_.country = "";
  EXPECT_THAT(Admit(), StatusIs(absl::StatusCode::kPermissionDenied, reasons::kCountryNotAllowed));
}

TEST_F(AdmissionTest, ACallIsTransferredOnlyToWhomTheTenantMayHaveCalled) {
  tenant_.rules.countries = {"US"};
  std::vector<TransferTarget> targets = {{"desk", "+14155550190"},
                                         {"premium", "+19005550190"},
                                         {"abroad", "+442079460000"},
                                         {"emergency", "+911"},
                                         {"none", "desk"}};

  KeepTransferable(tenant_, phone::LibphonenumberPlan(), targets);

  ASSERT_EQ(targets.size(), 1u);
  EXPECT_EQ(targets[0].name, "desk");
}

TEST_F(AdmissionTest, ANumberOnTheListIsRefused) {
  callee_.on_dnc_list = true;
  EXPECT_THAT(Admit(), StatusIs(absl::StatusCode::kPermissionDenied, reasons::kOnDncList));
}

TEST_F(AdmissionTest, OutsideTheWindowTheErrorSaysWhenItOpens) {
  now_ = kIndianNoon + absl::Hours(10);  // 22:00.

  const absl::Status admitted = Admit();

  EXPECT_THAT(admitted,
              StatusIs(absl::StatusCode::kFailedPrecondition, reasons::kOutsideCallingWindow));
  EXPECT_EQ(Metadata(admitted)["opens"], "2026-08-04T03:30:00+00:00");  // 09:00 in Kolkata.
}

TEST_F(AdmissionTest, TheTenantsCeilingBoundsItsCalls) {
  EXPECT_THAT(AdmitOneMore({.tenant = 2}, {.of_tenant = 1}), IsOk());

  const absl::Status full = AdmitOneMore({.tenant = 2}, {.of_tenant = 2});

  EXPECT_THAT(full, StatusIs(absl::StatusCode::kResourceExhausted, reasons::kTenantConcurrency));
  EXPECT_EQ(Metadata(full)["ceiling"], "2");
}

TEST_F(AdmissionTest, TheLlmAccountsCeilingBoundsThemToo) {
  const Ceilings ceilings{.tenant = 100, .llm = 5};
  EXPECT_THAT(AdmitOneMore(ceilings, {.of_tenant = 3, .of_llm_scope = 4}), IsOk());
  EXPECT_THAT(AdmitOneMore(ceilings, {.of_tenant = 3, .of_llm_scope = 5}),
              StatusIs(absl::StatusCode::kResourceExhausted, reasons::kTenantConcurrency));
}

}  // namespace
}  // namespace latchkey::dialer
