#include "services/keyvault/domain/checkups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"
#include "tests/support/await.h"
#include "tests/support/keyvault/fake_audit_log.h"
#include "tests/support/keyvault/fake_health_store.h"
#include "tests/support/keyvault/fake_prober.h"
#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/seeded_random.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr int64_t kUnhurried = 1'000'000'000'000;  // No pause between two probes.
constexpr absl::Duration kInterval = absl::Hours(24);

absl::Status Rejected(std::string_view why) {
  return Error(absl::StatusCode::kInvalidArgument, reason::kByokKeyInvalid, "No.",
               {{"reason", std::string(why)}, {"provider", "anthropic"}});
}

absl::Status NoVerdict(std::string_view why) {
  return Error(absl::StatusCode::kUnavailable, why, "Later.");
}

class CheckupsTest : public testing::Test {
 protected:
  CheckupsTest() {
    Save(slot_, "key_1");
    keys_.audit.clear();
  }

  void Save(const KeySlot& slot, std::string_view id, std::string_view model = "") {
    const std::string tenant_key =
        *Await(io_, keys_.EnsureTenantKey(slot.tenant, envelope_.MakeTenantKey("tnt_a")));
    KeyInfo info = InfoOf(slot, id, 1);
    info.validate_time = info.status_time = clock_.Now();
    info.model = model;
    const NewVersion row =
        SealVersion(envelope_, tenant_key, info, "sk-ant-stored", std::string(id));
    ASSERT_THAT(Await(io_, keys_.Save(row, actor_)), IsOk());
  }

  absl::StatusOr<KeyInfo> Revalidate() { return Await(io_, checkups_.Revalidate(slot_, actor_)); }
  size_t CheckDue() { return Await(io_, checkups_.CheckDue()).value(); }

  std::vector<AuditAction> Audited() const {
    std::vector<AuditAction> actions;
    for (const AuditRow& row : keys_.audit) actions.push_back(row.action);
    return actions;
  }

  boost::asio::io_context io_{1};
  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  secret::Envelope envelope_{ring_};
  SimulatedClock clock_;
  SeededRandom random_;
  FakeKeyStore keys_;
  FakeLeaseStore leases_{keys_, clock_};
  FakeHealthStore health_{keys_, leases_, clock_};
  FakeProber prober_;
  FakeProbeBudget probes_;
  FakeAuditLog log_{keys_};
  DenialLog denials_{log_, clock_};
  const CheckupPorts ports_{envelope_, keys_,    health_, prober_, probes_,
                            log_,      denials_, clock_,  random_};
  Checkups checkups_{io_.get_executor(), ports_, HealthRule(kInterval), kUnhurried};
  const KeySlot slot_ = SlotOf("tnt_a", Provider::kAnthropic);
  const Actor actor_{"spiffe://latchkey/gateway"};
};

TEST_F(CheckupsTest, AKeyThatItsProviderRejectsIsInvalidAndThatIsNoError) {
  prober_.verdict = Rejected("invalid_key");

  const absl::StatusOr<KeyInfo> key = Revalidate();

  ASSERT_THAT(key, IsOk());
  EXPECT_EQ(key->status, KeyStatus::kInvalid);
  EXPECT_EQ(key->status_reason, "invalid_key");
  EXPECT_EQ(key->status_time, clock_.Now());
  EXPECT_THAT(prober_.fields_seen, ElementsAre("api_key"));
  EXPECT_THAT(health_.events, ElementsAre(KeyStatus::kInvalid));
}

TEST_F(CheckupsTest, AKeyThatWorksAgainIsValid) {
  prober_.verdict = Rejected("no_credit");
  ASSERT_EQ(Revalidate()->status, KeyStatus::kExhausted);
  prober_.verdict = AccountFacts{33, false, "", ""};

  const absl::StatusOr<KeyInfo> key = Revalidate();

  ASSERT_THAT(key, IsOk());
  EXPECT_EQ(key->status, KeyStatus::kValid);
  EXPECT_EQ(key->facts.call_ceiling, 33);
}

TEST_F(CheckupsTest, WithoutAVerdictTheCallerHearsSoAndTheKeyIsNotBarred) {
  prober_.verdict = NoVerdict(reason::kProviderUnreachable);

  EXPECT_THAT(Revalidate(), StatusIs(absl::StatusCode::kUnavailable, "provider_unreachable"));

  EXPECT_THAT(health_.events, ElementsAre(KeyStatus::kUnreachable));
}

TEST_F(CheckupsTest, AModelThatTheProbeAskedForAndCallsMayNotIsNotHeldAgainstAKey) {
  prober_.verdict = Rejected("model_not_found");

  const absl::StatusOr<KeyInfo> key = Revalidate();

  ASSERT_THAT(key, IsOk());
  EXPECT_EQ(key->status, KeyStatus::kValid);
  EXPECT_THAT(health_.events, IsEmpty());
}

TEST_F(CheckupsTest, AFaultOfOurOwnSaysNothingOfTheProvider) {
  prober_.verdict = WithMetadata(NoVerdict(reason::kProviderUnreachable), kNotAsked, "true");

  EXPECT_THAT(Revalidate(), StatusIs(absl::StatusCode::kUnavailable, "provider_unreachable"));

  EXPECT_THAT(health_.events, IsEmpty());
}

TEST_F(CheckupsTest, TheKeysUseIsWrittenDownBeforeItLeaves) {
  prober_.verdict = Rejected("no_credit");
  ASSERT_THAT(Revalidate(), IsOk());
  EXPECT_THAT(Audited(), ElementsAre(AuditAction::kRevalidate, AuditAction::kHealth));
  EXPECT_EQ(keys_.audit[0].key, "key_1");

  log_.failure = absl::UnavailableError("read-only");
  EXPECT_FALSE(Revalidate().ok());
  EXPECT_THAT(prober_.probed, SizeIs(1));
}

TEST_F(CheckupsTest, ProbesThatATenantAsksForAreBounded) {
  probes_.left = 1;
  ASSERT_THAT(Revalidate(), IsOk());

  EXPECT_THAT(Revalidate(), StatusIs(absl::StatusCode::kResourceExhausted, "probe_limit"));
  EXPECT_THAT(prober_.probed, SizeIs(1));
  ASSERT_THAT(keys_.audit, SizeIs(2));
  EXPECT_EQ(keys_.audit[1].outcome, AuditOutcome::kRefused);
  EXPECT_EQ(keys_.audit[1].reason, "probe_limit");
}

TEST_F(CheckupsTest, ANumbersKeyIsProbedForTheModelThatItWasSavedFor) {
  const KeySlot number = SlotOf("tnt_a", Provider::kOpenai, "num_1");
  Save(number, "key_2", "gpt-realtime-mini");
  prober_.verdicts.emplace("", Rejected("model_not_found"));
  ASSERT_EQ(CheckDue(), 0u);

  const absl::StatusOr<KeyInfo> asked = Await(io_, checkups_.Revalidate(number, actor_));
  clock_.Advance(2 * kInterval);
  CheckDue();

  ASSERT_THAT(asked, IsOk());
  EXPECT_EQ(asked->validate_time, asked->status_time);
  EXPECT_EQ(prober_.models.front(), "gpt-realtime-mini");
  EXPECT_THAT(prober_.models, UnorderedElementsAre("gpt-realtime-mini", "", "gpt-realtime-mini"));
}

TEST_F(CheckupsTest, AKeyThatIsNotThereIsNotFound) {
  const KeySlot other = SlotOf("tnt_b", Provider::kAnthropic);

  EXPECT_THAT(Await(io_, checkups_.Revalidate(other, actor_)),
              StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
}

TEST_F(CheckupsTest, AStoredKeyIsProbedOnceInAnInterval) {
  EXPECT_EQ(CheckDue(), 0u);
  clock_.Advance(kInterval);

  EXPECT_EQ(CheckDue(), 1u);
  EXPECT_EQ(CheckDue(), 0u);
  EXPECT_THAT(prober_.probed, SizeIs(1));
  EXPECT_EQ(probes_.left, 1000) << "the tenant's own budget is not used";
  clock_.Advance(kInterval * 1.25);
  EXPECT_EQ(CheckDue(), 1u);
}

TEST_F(CheckupsTest, ProbesThatAreDueKeepTheirPace) {
  Checkups slow(io_.get_executor(), ports_, HealthRule(kInterval), 60);
  Save(SlotOf("tnt_a", Provider::kAnthropic, "num_2"), "key_2");
  EXPECT_EQ(Await(io_, slow.CheckDue()).value(), 0u);
  clock_.Advance(kInterval);
  bool ended = false;
  const auto note_end = [&](std::exception_ptr, const absl::StatusOr<size_t>&) { ended = true; };

  boost::asio::co_spawn(io_, slow.CheckDue(), note_end);
  io_.restart();
  io_.poll();

  EXPECT_FALSE(ended);
  EXPECT_THAT(prober_.probed, SizeIs(1));
  EXPECT_EQ(clock_.NextWake(), clock_.Now() + absl::Seconds(1));
  clock_.Advance(absl::Seconds(1));
  io_.restart();
  io_.poll();
  EXPECT_TRUE(ended);
  EXPECT_THAT(prober_.probed, SizeIs(2));
}

TEST_F(CheckupsTest, AProbeThatCouldNotBeMadeIsDueAgainSoon) {
  clock_.Advance(kInterval);
  prober_.verdict = WithMetadata(NoVerdict(reason::kProviderUnreachable), kNotAsked, "true");
  EXPECT_EQ(CheckDue(), 0u);  // It is planned within half an interval from now.
  clock_.Advance(kInterval);

  EXPECT_EQ(CheckDue(), 1u);
  EXPECT_EQ(CheckDue(), 0u);
  clock_.Advance(absl::Minutes(1));
  EXPECT_EQ(CheckDue(), 1u);
}

TEST_F(CheckupsTest, NothingIsProbedOnceItHasStopped) {
  EXPECT_EQ(CheckDue(), 0u);
  checkups_.Start();
  io_.restart();
  io_.poll();

  Await(io_, checkups_.Stop());
  clock_.Advance(kInterval);
  io_.restart();
  io_.poll();

  EXPECT_THAT(prober_.probed, IsEmpty());
  EXPECT_EQ(CheckDue(), 1u) << "it was due";
}

}  // namespace
}  // namespace latchkey::keyvault
