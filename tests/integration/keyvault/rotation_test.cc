// A new root key takes the place of the one before, while keys are leased.
#include <fmt/format.h>

#include <fstream>

#include "lib/base/metrics.h"
#include "tests/integration/keyvault/keyvault_program.h"
#include "tests/integration/keyvault/rotation_fixture.h"

namespace latchkey::keyvault {
namespace {

using testing::HasSubstr;

constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;

class RotationTest : public RotationFixture {
 protected:
  explicit RotationTest(std::vector<std::string> settings = {})
      : RotationFixture(std::move(settings)) {}

  static double RingChanges(const std::string& outcome) {
    return metrics::MakeCounter("latchkey_keyvault_key_ring_changes_total", "",
                                {{"outcome", outcome}})
        .value();
  }
};

TEST_F(RotationTest, EveryRowMovesWhileKeysAreLeasedAndThenTheOldKeyIsRetired) {
  SaveTenants(30);
  TakeRing("second", {"first", "second"});
  EXPECT_EQ(LeftCount(), 30);
  const absl::StatusOr<v1::RetireRootKeyResponse> needed = Retire("first");
  EXPECT_THAT(needed, StatusIs(kPrecondition, "root_key_needed"));
  EXPECT_EQ(Metadata(needed.status())["rows"], "30");

  ASSERT_THAT(Rewrap(v1::REWRAP_ACTION_START), IsOk());
  int rounds = 0;
  do {
    ExpectEveryKeyIsLeased();
    ++rounds;
  } while (LeftCount() > 0 && rounds < 100);

  EXPECT_EQ(LeftCount(), 0);
  EXPECT_EQ(Count("keyvault.tenant_keys WHERE root_key_id = 'second'"), 30);
  EXPECT_EQ(Audited("rewrap", "done", "second"), 30);
  EXPECT_THAT(Retire("second"), StatusIs(kPrecondition, "root_key_needed"));
  EXPECT_THAT(Retire("never"), StatusIs(kPrecondition, "root_key_unknown"));
  EXPECT_THAT(Retire("first"), IsOk());
  EXPECT_EQ(Audited("retire", "done", "first"), 1);
  // Rows of before are verified with the old key's line.
  ring_.Write("second", {"second"});
  ASSERT_TRUE(
      Eventually([this] { return Verify("tnt_7")->fault() == v1::AUDIT_FAULT_KEY_MISSING; }));
  ExpectEveryKeyIsLeased();
  ring_.Write("second", {"first", "second"});
  ASSERT_TRUE(
      Eventually([this] { return Verify("tnt_7")->fault() == v1::AUDIT_FAULT_UNSPECIFIED; }));
}

TEST_F(RotationTest, ARingThatDoesNotOpenTheRowsIsRefusedAndTheOneBeforeStays) {
  SaveTenants(2);
  const double refused = RingChanges("refused");

  ring_.Write("third", {"third"});

  ASSERT_TRUE(Eventually([&] { return RingChanges("refused") > refused; }));
  EXPECT_EQ(IntakeKeyId(), "first");
  ExpectEveryKeyIsLeased();
  std::ofstream(ring_.file()) << "current first\nfirst not-base64\n";
  ASSERT_TRUE(Eventually([&] { return RingChanges("refused") > refused + 1; }));
  ExpectEveryKeyIsLeased();
}

TEST_F(RotationTest, ARetiredRootKeyIsNeverCurrentAgain) {
  SaveTenants(1);
  TakeRing("second", {"first", "second"});
  ASSERT_THAT(Rewrap(v1::REWRAP_ACTION_START), IsOk());
  ASSERT_TRUE(Eventually([this] { return LeftCount() == 0; }));
  ASSERT_THAT(Retire("first"), IsOk());
  const double refused = RingChanges("refused");

  ring_.Write("first", {"first", "second"});

  ASSERT_TRUE(Eventually([&] { return RingChanges("refused") > refused; }));
  EXPECT_EQ(IntakeKeyId(), "second");
  KeyvaultProgram program(Arguments(database_.service), ring_.folder());
  EXPECT_EQ(program.AwaitExit(), 2);
  EXPECT_THAT(program.Log(), HasSubstr("was retired"));
}

class SlowRotationTest : public RotationTest {
 protected:
  SlowRotationTest() : RotationTest({"--rewrap-rate=20"}) {}
};

TEST_F(SlowRotationTest, AKilledRewrapIsGoneOnWithWhereItWas) {
  SaveTenants(60);
  StopKeyvault();
  ring_.Write("second", {"first", "second"});
  KeyvaultProgram killed(Arguments(database_.service), ring_.folder());
  ASSERT_TRUE(killed.AwaitServing()) << killed.Log();
  Address(killed.address());
  ASSERT_THAT(Rewrap(v1::REWRAP_ACTION_START), IsOk());
  ASSERT_TRUE(Eventually([this] { return LeftCount() < 50; }));
  EXPECT_TRUE(Eventually([&] {
    const std::string metrics = killed.Metrics();
    return metrics.find("latchkey_keyvault_tenant_keys_rows 60") != std::string::npos &&
           metrics.find("latchkey_keyvault_rewrap_left_rows 60") == std::string::npos;
  })) << killed.Metrics();
  killed.Kill();
  const int left = Count("keyvault.tenant_keys WHERE root_key_id = 'first'");
  EXPECT_GT(left, 0);
  EXPECT_EQ(Audited("rewrap", "done"), 60 - left) << "a row and its audit row move together";

  KeyvaultProgram next(Arguments(database_.service), ring_.folder());
  ASSERT_TRUE(next.AwaitServing()) << next.Log();
  Address(next.address());
  EXPECT_EQ(LeftCount(), left);
  ExpectEveryKeyIsLeased();
  ASSERT_THAT(Rewrap(v1::REWRAP_ACTION_START), IsOk());
  ASSERT_TRUE(Eventually([this] { return LeftCount() == 0; }));

  EXPECT_EQ(Audited("rewrap", "done"), 60);
  ExpectEveryKeyIsLeased();
}

TEST_F(SlowRotationTest, ARewrapIsStoppedAndStartedAgain) {
  SaveTenants(40);
  TakeRing("second", {"first", "second"});
  ASSERT_THAT(Rewrap(v1::REWRAP_ACTION_START), IsOk());
  ASSERT_TRUE(Eventually([this] { return LeftCount() < 38; }));

  ASSERT_THAT(Rewrap(v1::REWRAP_ACTION_STOP), IsOk());
  ASSERT_TRUE(Eventually([this] { return !Rewrap(v1::REWRAP_ACTION_TELL)->running(); }));
  const int64_t left = LeftCount();
  EXPECT_GT(left, 0);

  ASSERT_THAT(Rewrap(v1::REWRAP_ACTION_START), IsOk());
  EXPECT_TRUE(Eventually([this] { return LeftCount() == 0; }));
}

}  // namespace
}  // namespace latchkey::keyvault
