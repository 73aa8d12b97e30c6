// A thief has a media instance's certificate and key: he is media/m1, and tries everything.
#include <functional>
#include <vector>

#include "lib/base/metrics.h"
#include "tests/integration/keyvault/keyvault_program.h"
#include "tests/integration/keyvault/leasing_fixture.h"

namespace latchkey::keyvault {
namespace {

using testing::HasSubstr;
using type::v1::CallTicket;

constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr const char* kThief = "media/m1";

class ThiefTest : public LeasingFixture {
 protected:
  explicit ThiefTest(int freeze_after = 1000)
      : LeasingFixture({"--freeze-after=" + std::to_string(freeze_after)}) {
    Save("tnt_a", "sk-ant-api03-of-tenant-a-0000-1111");
    Save("tnt_b", "sk-ant-api03-of-tenant-b-0000-2222");
    others_ = *Lease(Ticket("call_b", "tnt_b", "m2"), "media/m2");
  }

  static double Denials(const std::string& reason) {
    return metrics::MakeCounter("latchkey_keyvault_denials_total", "", {{"reason", reason}})
        .value();
  }

  // Every denial is answered so, counted in the audit, and in the metric that the alarm looks at.
  void ExpectDenied(const std::vector<v1::LeaseKeysRequest>& attempts, const std::string& reason) {
    const double counted = Denials(reason);
    for (size_t i = 0; i < attempts.size(); ++i) {
      EXPECT_THAT(Lease(attempts[i], kThief), StatusIs(kDenied, reason)) << "attempt " << i;
    }
    EXPECT_EQ(Denials(reason) - counted, static_cast<double>(attempts.size()));
    denied_[reason] += static_cast<int>(attempts.size());
  }

  void ExpectAllAudited() {
    StopKeyvault();  // Counts of the running minute are written down.
    for (const auto& [reason, count] : denied_) {
      EXPECT_EQ(Audited("lease", "refused", reason), count) << reason;
    }
    StartKeyvault();
    for (const char* tenant : {"", "tnt_a", "tnt_b"}) {
      EXPECT_EQ(Verify(tenant)->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
    }
  }

  v1::LeaseKeysResponse others_;  // What m2 holds, for tenant b's call.
  std::map<std::string, int> denied_;
};

// What a thief may change in a ticket that dialer signed.
std::vector<std::function<void(CallTicket&)>> Changes() {
  return {
      [](CallTicket& t) { t.set_call_id("call_b"); },
      [](CallTicket& t) { t.set_tenant_id("tnt_b"); },
      [](CallTicket& t) { t.set_number_id("num_2"); },
      [](CallTicket& t) { t.set_media_instance("m2"); },
      [](CallTicket& t) { t.mutable_grants(0)->set_provider(type::v1::PROVIDER_TWILIO); },
      [](CallTicket& t) { t.mutable_grants(0)->mutable_scope()->set_tenant_id("tnt_b"); },
      [](CallTicket& t) { t.mutable_grants(0)->mutable_scope()->set_number_id("num_9"); },
      [](CallTicket& t) { *t.add_grants() = t.grants(0); },
      [](CallTicket& t) { t.mutable_not_before()->set_seconds(0); },
      [](CallTicket& t) { t.mutable_expire_time()->set_seconds(4'000'000'000); },
      [](CallTicket& t) { t.mutable_lease_until()->set_seconds(4'000'000'000); },
      [](CallTicket& t) { t.set_purpose(type::v1::TICKET_PURPOSE_SETTLE); },
      [](CallTicket& t) { t.set_nonce("another nonce of"); },
  };
}

TEST_F(ThiefTest, TheKeysOfItsInstancesLiveCallsAreWhatHeGets) {
  const absl::StatusOr<v1::LeaseKeysResponse> leased = Lease(Ticket("call_a"), kThief);

  ASSERT_THAT(leased, IsOk());
  EXPECT_THAT(Opened(leased->keys(0), "call_a"),
              IsOkAndHolds("sk-ant-api03-of-tenant-a-0000-1111"));
  // An answer to m2 that he recorded, and even its private key, are for m2 alone.
  EXPECT_FALSE(Opened(others_.keys(0), "call_b", "api_key", kThief).ok());
}

TEST_F(ThiefTest, ATicketThatHeMadeOrChangedGivesNothing) {
  const CallTicket good = Ticket("call_a");
  std::vector<v1::LeaseKeysRequest> attempts;
  for (const auto& change : Changes()) {
    CallTicket changed = good;
    change(changed);
    attempts.push_back(Signed(good));
    attempts.back().mutable_ticket()->set_ticket(changed.SerializeAsString());
  }
  for (size_t i = 0; i < 64; i += 9) {
    attempts.push_back(Signed(good));
    (*attempts.back().mutable_ticket()->mutable_signature())[i] ^= 1;
  }
  attempts.push_back(Signed(good));
  attempts.back().mutable_ticket()->clear_signature();
  attempts.push_back(Signed(good));
  attempts.back().mutable_ticket()->set_signature(
      secret::SigningKey::Make().Sign(secret::kTicketLabel, attempts.back().ticket().ticket()));
  attempts.push_back(Signed(good));
  attempts.back().mutable_ticket()->set_signature(
      dialer_.Sign("another use of dialer's key", attempts.back().ticket().ticket()));

  ExpectDenied(attempts, "ticket_forged");

  EXPECT_EQ(Count("keyvault.leases"), 1);
  ExpectAllAudited();
}

TEST_F(ThiefTest, ATicketOutOfItsTimeGivesNothing) {
  const int64_t now = absl::ToUnixSeconds(absl::Now());
  CallTicket expired = Ticket("call_1");
  expired.mutable_not_before()->set_seconds(now - 100);
  expired.mutable_expire_time()->set_seconds(now - 1);
  CallTicket early = Ticket("call_2");
  early.mutable_not_before()->set_seconds(now + 60);
  early.mutable_expire_time()->set_seconds(now + 200);
  CallTicket over = Ticket("call_3");
  over.mutable_lease_until()->set_seconds(now - 1);

  ExpectDenied({Signed(expired), Signed(early), Signed(over)}, "ticket_expired");

  ExpectAllAudited();
}

TEST_F(ThiefTest, ATicketForAnotherInstanceGivesNothing) {
  CallTicket nameless = Ticket("call_2", "tnt_b", "m2");
  nameless.clear_media_instance();

  ExpectDenied({Signed(Ticket("call_1", "tnt_b", "m2")), Signed(Ticket("call_b", "tnt_b", "m2")),
                Signed(Ticket("call_3", "tnt_b", "m11")), Signed(nameless)},
               "ticket_foreign");

  ExpectAllAudited();
}

TEST_F(ThiefTest, ATicketThatWasUsedGivesNothingToHisOwnKey) {
  const CallTicket used = Ticket("call_a");
  ASSERT_THAT(Lease(used, kThief), IsOk());
  pair_ = secret::BoxKeyPair::Make();

  ExpectDenied({Signed(used), Signed(used)}, "ticket_replayed");

  ExpectAllAudited();
}

TEST_F(ThiefTest, ACallThatHasEndedGivesNothingUnlessItIsToBeSettled) {
  ASSERT_THAT(Lease(Ticket("call_a"), kThief), IsOk());
  ASSERT_THAT(Release("call_a", kThief), IsOk());
  CallTicket settle = Ticket("call_a");
  settle.set_purpose(type::v1::TICKET_PURPOSE_SETTLE);

  ExpectDenied({Signed(Ticket("call_a")), Signed(Ticket("call_a"))}, "call_ended");

  EXPECT_THAT(Lease(settle, kThief), IsOk());
  ExpectAllAudited();
}

TEST_F(ThiefTest, OthersLeasesAreNotHisToRenewReleaseOrSwitch) {
  Save("tnt_b", "sk-ant-api03-of-tenant-b-0000-3333");
  v1::SwitchVersionRequest change;
  change.set_lease_id(others_.keys(0).lease_id());
  change.set_from_version(1);
  v1::ReleaseLeaseRequest told;  // That the others' provider refused their key.
  told.set_call_id("call_nobodys");
  v1::LeaseObservation& seen = *told.add_observations();
  seen.set_lease_id(others_.keys(0).lease_id());
  seen.set_key_version(1);
  seen.add_answers()->set_answer(v1::PROVIDER_ANSWER_NO_CREDIT);
  const double counted = Denials("lease_foreign");

  EXPECT_EQ(Renew(others_, kThief)->leases_size(), 0);
  EXPECT_EQ(Release("call_b", kThief)->released_count(), 0);
  EXPECT_THAT(CallAs(kThief, &Stub::PrepareAsyncReleaseLease, told), IsOk());
  EXPECT_THAT(CallAs(kThief, &Stub::PrepareAsyncSwitchVersion, change),
              StatusIs(absl::StatusCode::kNotFound, "lease_not_found"));

  EXPECT_EQ(Renew(others_, "media/m2")->leases_size(), 1);
  EXPECT_EQ(Denials("lease_foreign") - counted, 4);
  denied_["lease_foreign"] = 3;
  ExpectAllAudited();
  EXPECT_EQ(Audited("release", "refused", "lease_foreign"), 1);
}

TEST_F(ThiefTest, NoOtherMethodIsHis) {
  EXPECT_THAT(CallAs(kThief, &Stub::PrepareAsyncListKeys, v1::ListKeysRequest()),
              StatusIs(kDenied, "caller_not_allowed"));
  EXPECT_THAT(CallAs(kThief, &Stub::PrepareAsyncListAudit, v1::ListAuditRequest()),
              StatusIs(kDenied, "caller_not_allowed"));
  EXPECT_THAT(CallAs(kThief, &Stub::PrepareAsyncVerifyAudit, v1::VerifyAuditRequest()),
              StatusIs(kDenied, "caller_not_allowed"));
  EXPECT_THAT(CallAs(kThief, &Stub::PrepareAsyncUnfreeze, v1::UnfreezeRequest()),
              StatusIs(kDenied, "caller_not_allowed"));
  EXPECT_THAT(CallAs(kThief, &Stub::PrepareAsyncVerifyCarrierSignature,
                     v1::VerifyCarrierSignatureRequest()),
              StatusIs(kDenied, "caller_not_allowed"));
}

class FrozenThiefTest : public ThiefTest {
 protected:
  FrozenThiefTest() : ThiefTest(3) {}

  v1::LeaseKeysRequest Forged() {
    v1::LeaseKeysRequest forged = Signed(Ticket("call_a"));
    forged.mutable_ticket()->mutable_signature()->back() ^= 1;
    return forged;
  }
};

TEST_F(FrozenThiefTest, ForgedAndForeignTicketsFreezeHimUntilOpsUnfreezes) {
  const absl::StatusOr<v1::LeaseKeysResponse> held = Lease(Ticket("call_a"), kThief);
  ExpectDenied({Forged(), Forged()}, "ticket_forged");
  ExpectDenied({Signed(Ticket("call_1", "tnt_b", "m2"))}, "ticket_foreign");

  ExpectDenied({Signed(Ticket("call_2"))}, "caller_frozen");
  EXPECT_EQ(Renew(*held, kThief)->leases_size(), 1) << "live calls go on";
  EXPECT_THAT(Lease(Ticket("call_3", "tnt_b", "m2"), "media/m2"), IsOk());
  v1::UnfreezeRequest unfreeze;
  unfreeze.set_caller("spiffe://latchkey/media/m1");
  EXPECT_TRUE(CallAs("ops", &Stub::PrepareAsyncUnfreeze, unfreeze)->changed());
  EXPECT_THAT(Lease(Ticket("call_4"), kThief), IsOk());

  EXPECT_EQ(
      RunSql("SELECT string_agg(action || ' ' || actor || ' ' || reason, ', ' ORDER BY number)"
             "  FROM keyvault.audit WHERE tenant_id = 'tnt_platform'"),
      "freeze spiffe://latchkey/keyvault spiffe://latchkey/media/m1, "
      "unfreeze spiffe://latchkey/ops spiffe://latchkey/media/m1");
  ExpectAllAudited();
}

TEST_F(FrozenThiefTest, EveryReplicaFreezesHimAndTheLogRaisesTheAlarm) {
  KeyvaultProgram other(Arguments(database_.service), ring_.folder());
  ASSERT_TRUE(other.AwaitServing()) << other.Log();
  Address(other.address());
  for (int i = 0; i < 3; ++i) EXPECT_THAT(Lease(Forged(), kThief), StatusIs(kDenied));
  Address(run_->address());

  EXPECT_TRUE(Eventually([this] {
    return Lease(Ticket("call_a"), kThief).status().code() == kDenied;
  })) << "the other replica looks every second";

  EXPECT_THAT(other.Log(), HasSubstr("\"lease denied\""));
  EXPECT_THAT(other.Log(), HasSubstr("\"an instance was frozen\""));
  EXPECT_THAT(other.Metrics(),
              HasSubstr("latchkey_keyvault_denials_total{reason=\"ticket_forged\"} 3"));
  EXPECT_THAT(other.Metrics(), HasSubstr("latchkey_keyvault_freezes_total 1"));
}

}  // namespace
}  // namespace latchkey::keyvault
