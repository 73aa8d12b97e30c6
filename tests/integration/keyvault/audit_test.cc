// What is written down about every use of a key, and who may write it.
#include <fmt/format.h>

#include "tests/integration/keyvault/leasing_fixture.h"
#include "tests/support/postgres_session.h"

namespace latchkey::keyvault {
namespace {

using testing::HasSubstr;
using type::v1::PROVIDER_ANTHROPIC;
using type::v1::PROVIDER_DEEPGRAM;

class AuditTest : public LeasingFixture {
 protected:
  // "save done, lease done": all rows of a tenant, in the order of their numbers.
  std::string Story(const std::string& tenant) {
    return RunSql(
        fmt::format("SELECT string_agg(action || ' ' || outcome, ', ' ORDER BY number)"
                    "  FROM keyvault.audit WHERE tenant_id = '{}'",
                    tenant));
  }

  absl::StatusOr<v1::ListAuditResponse> List(std::string_view tenant, int page_size,
                                             const std::string& token = "") {
    v1::ListAuditRequest request;
    request.set_tenant_id(std::string(tenant));
    request.set_provider(PROVIDER_ANTHROPIC);
    request.set_page_size(page_size);
    request.set_page_token(token);
    return CallAs("gateway", &Stub::PrepareAsyncListAudit, request);
  }

  void TestKey(const std::string& key) {
    v1::TestKeyRequest request;
    request.mutable_scope()->set_tenant_id("tnt_a");
    request.set_provider(PROVIDER_ANTHROPIC);
    *request.mutable_candidate() = Seal("tnt_a", PROVIDER_ANTHROPIC, {{"api_key", key}});
    CallAs("gateway", &Stub::PrepareAsyncTestKey, request).IgnoreError();
  }

  void SwitchVersion(const std::string& lease, int from) {
    v1::SwitchVersionRequest request;
    request.set_lease_id(lease);
    request.set_from_version(from);
    EXPECT_THAT(CallAs("media/m1", &Stub::PrepareAsyncSwitchVersion, request), IsOk());
  }
};

TEST_F(AuditTest, EveryUseOfAKeyHasItsRow) {
  const type::v1::CallTicket ticket = Ticket("call_1");
  v1::RevokeAllRequest revoke;
  revoke.set_tenant_id("tnt_a");
  v1::DeleteKeyRequest remove;
  remove.mutable_scope()->set_tenant_id("tnt_a");
  remove.set_provider(PROVIDER_ANTHROPIC);
  v1::ShredTenantRequest shred;
  shred.set_tenant_id("tnt_a");

  TestKey("sk-ant-api03-good-0000");
  TestKey("sk-ant-api03-rejected-0000");
  TestKey("sk-ant-api03-unreachable-0000");
  TestKey("not-a-key");
  Save("tnt_a");
  EXPECT_FALSE(Put("tnt_a", PROVIDER_ANTHROPIC, {{"api_key", "sk-ant-api03-rejected"}}, "x").ok());
  const absl::StatusOr<v1::LeaseKeysResponse> leased = Lease(ticket);
  ASSERT_THAT(leased, IsOk());
  EXPECT_THAT(Lease(ticket), IsOk());
  Save("tnt_a", "sk-ant-api03-another-0000-2222");
  SwitchVersion(leased->keys(0).lease_id(), 1);
  EXPECT_THAT(Release("call_1"), IsOk());
  EXPECT_FALSE(Lease(Ticket("call_1")).ok());
  EXPECT_THAT(Lease(Ticket("call_2")), IsOk());
  EXPECT_THAT(CallAs("ops", &Stub::PrepareAsyncRevokeAll, revoke), IsOk());
  EXPECT_THAT(CallAs("gateway", &Stub::PrepareAsyncDeleteKey, remove), IsOk());
  EXPECT_THAT(CallAs("ops", &Stub::PrepareAsyncShredTenant, shred), IsOk());

  EXPECT_EQ(
      Story("tnt_a"),
      "test done, test refused, test refused, test refused, save done, save refused, lease done, "
      "lease repeated, save done, switch done, release done, lease refused, lease done, "
      "revoke done, delete done, shred done");
  EXPECT_EQ(Verify("tnt_a")->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
  EXPECT_EQ(Verify("tnt_a")->verified_count(), 16);
}

TEST_F(AuditTest, ARowSaysWhichKeyWhichCallWhichInstanceWhyAndWhen) {
  const absl::Time before = absl::Now() - absl::Seconds(1);
  Save("tnt_a");
  const absl::StatusOr<v1::LeaseKeysResponse> leased = Lease(Ticket("call_1"));
  ASSERT_THAT(leased, IsOk());

  const absl::StatusOr<v1::ListAuditResponse> listed = List("tnt_a", 1);

  ASSERT_THAT(listed, IsOk());
  const v1::AuditEntry& entry = listed->entries(0);
  EXPECT_EQ(entry.action(), "lease");
  EXPECT_EQ(entry.outcome(), "done");
  EXPECT_EQ(entry.actor(), "spiffe://latchkey/media/m1");
  EXPECT_EQ(entry.provider(), PROVIDER_ANTHROPIC);
  EXPECT_EQ(entry.key_version(), 1);
  EXPECT_EQ(entry.call_id(), "call_1");
  EXPECT_EQ(entry.lease_id(), leased->keys(0).lease_id());
  EXPECT_GT(absl::FromUnixSeconds(entry.time().seconds() + 1), before);
  EXPECT_EQ(entry.count(), 1);
}

TEST_F(AuditTest, ATenantsRowsComeByPageNewestFirstAndAreItsOwn) {
  Save("tnt_a");
  Save("tnt_b");
  ASSERT_THAT(Put("tnt_a", PROVIDER_DEEPGRAM, {{"api_key", std::string(40, 'd')}}, "dg"), IsOk());
  for (int i = 0; i < 4; ++i) {
    ASSERT_THAT(Lease(Ticket("call_a" + std::to_string(i))), IsOk());
    ASSERT_THAT(Lease(Ticket("call_b" + std::to_string(i), "tnt_b")), IsOk());
  }

  std::string calls, token;
  int pages = 0;
  do {
    const absl::StatusOr<v1::ListAuditResponse> page = List("tnt_a", 2, token);
    ASSERT_THAT(page, IsOk());
    for (const v1::AuditEntry& entry : page->entries()) calls += entry.call_id() + ".";
    token = page->next_page_token();
    ++pages;
  } while (!token.empty());

  EXPECT_EQ(calls, "call_a3.call_a2.call_a1.call_a0..");
  EXPECT_EQ(pages, 3);
}

TEST_F(AuditTest, TheServicesRoleMayInsertAndSelectAndNothingElse) {
  Save("tnt_a");
  PostgresSession service(database_.service);

  EXPECT_EQ(service.Refusal("SELECT * FROM keyvault.audit"), "");
  for (const char* table : {"audit", "renewals"}) {
    for (const char* act :
         {"UPDATE keyvault.{} SET caller = 'x'", "DELETE FROM keyvault.{}", "TRUNCATE keyvault.{}",
          "DROP TABLE keyvault.{}", "ALTER TABLE keyvault.{} DISABLE TRIGGER ALL",
          "DO $$ BEGIN LOCK TABLE keyvault.{} IN ACCESS EXCLUSIVE MODE; END $$",
          "CREATE RULE r AS ON INSERT TO keyvault.{} DO INSTEAD NOTHING"}) {
      std::string sql = fmt::format(fmt::runtime(act), table);
      if (table == std::string("audit") && sql.starts_with("UPDATE")) {
        sql = "UPDATE keyvault.audit SET reason = 'x'";
      }
      EXPECT_THAT(service.Refusal(sql),
                  testing::AnyOf(HasSubstr("permission denied"), HasSubstr("must be owner")))
          << sql;
    }
  }
  EXPECT_THAT(service.Refusal("UPDATE keyvault.chained_audit SET reason = 'x'"),
              HasSubstr("permission denied"));
  EXPECT_EQ(Verify("tnt_a")->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
}

TEST_F(AuditTest, WithoutARowThereIsNoLeaseAndNoOtherUse) {
  Save("tnt_a");
  ASSERT_THAT(Lease(Ticket("call_1")), IsOk());
  v1::DeleteKeyRequest remove;
  remove.mutable_scope()->set_tenant_id("tnt_a");
  remove.set_provider(PROVIDER_ANTHROPIC);
  v1::RevokeAllRequest revoke;
  revoke.set_all(true);
  const std::string rows = RunSql("SELECT count(*) FROM keyvault.audit");
  RunSql("REVOKE INSERT ON keyvault.audit FROM keyvault");

  const type::v1::CallTicket ticket = Ticket("call_2");
  EXPECT_FALSE(Lease(ticket).ok());
  EXPECT_FALSE(Put("tnt_a", PROVIDER_ANTHROPIC, {{"api_key", "sk-ant-api03-new-0000"}}, "n").ok());
  EXPECT_FALSE(CallAs("gateway", &Stub::PrepareAsyncDeleteKey, remove).ok());
  EXPECT_FALSE(CallAs("ops", &Stub::PrepareAsyncRevokeAll, revoke).ok());
  EXPECT_FALSE(Release("call_1").ok());

  EXPECT_EQ(Count("keyvault.leases WHERE release_time IS NULL"), 1);
  EXPECT_EQ(Count("keyvault.key_versions"), 1);
  EXPECT_EQ(Count("keyvault.revocations"), 0);
  EXPECT_EQ(RunSql("SELECT count(*) FROM keyvault.audit"), rows);
  RunSql("GRANT INSERT ON keyvault.audit TO keyvault");
  EXPECT_THAT(Lease(ticket), IsOk());
  EXPECT_THAT(Release("call_1"), IsOk());
}

TEST_F(AuditTest, ADenialThatCouldNotBeWrittenStandsAndIsWrittenLater) {
  Save("tnt_a");
  RunSql("REVOKE INSERT ON keyvault.audit FROM keyvault");
  const absl::StatusOr<v1::LeaseKeysResponse> denied = Lease(Ticket("call_1"), "media/m2");
  EXPECT_THAT(denied, StatusIs(absl::StatusCode::kPermissionDenied, "ticket_foreign"));
  EXPECT_EQ(Metadata(denied.status())["unaudited"], "postgres_error");
  RunSql("GRANT INSERT ON keyvault.audit TO keyvault");

  StopKeyvault();

  EXPECT_EQ(Audited("lease", "refused", "ticket_foreign"), 1);
}

TEST_F(AuditTest, LeasesThatComeAtOnceAreAuditedInBatchesOfSixtyFourAtMost) {
  Save("tnt_a");
  std::vector<type::v1::CallTicket> tickets;
  for (int i = 0; i < 300; ++i) tickets.push_back(Ticket("call_" + std::to_string(i)));

  for (const auto& leased : LeaseAtOnce(tickets)) EXPECT_THAT(leased, IsOk());

  EXPECT_EQ(Audited("lease", "done"), 300);
  const int most =
      std::stoi(RunSql("SELECT max(n) FROM (SELECT count(*) AS n FROM keyvault.audit"
                       "  WHERE action = 'lease' GROUP BY xmin) batch"));
  EXPECT_LE(most, 64);
  EXPECT_GT(most, 1);
  // A lease and its row are of one transaction.
  EXPECT_EQ(Count("keyvault.leases l JOIN keyvault.audit a USING (lease_id)"
                  "  WHERE l.xmin = a.xmin"),
            300);
  EXPECT_EQ(Verify("tnt_a")->verified_count(), 301);
}

TEST_F(AuditTest, ACallWithVeryManyLeasesIsReleasedInBatchesToo) {
  Save("tnt_a");
  std::vector<type::v1::CallTicket> tickets(150, Ticket("call_1"));
  for (type::v1::CallTicket& ticket : tickets) ticket.set_nonce(Ticket("call_1").nonce());
  for (const auto& leased : LeaseAtOnce(tickets)) ASSERT_THAT(leased, IsOk());

  EXPECT_EQ(Release("call_1")->released_count(), 150);

  EXPECT_EQ(RunSql("SELECT max(n) FROM (SELECT count(*) AS n FROM keyvault.audit"
                   "  WHERE action = 'release' GROUP BY xmin) batch"),
            "64");
}

TEST_F(AuditTest, ATenantsChainIsWrittenByOneAtATimeAndHoldsUpNobodyElse) {
  Save("tnt_a");
  Save("tnt_b");
  PostgresSession other(database_.superuser);
  other.Do("BEGIN");
  other.Do("SELECT pg_advisory_xact_lock(hashtextextended('keyvault audit tnt_a', 0))");

  EXPECT_THAT(Lease(Ticket("call_b", "tnt_b")), IsOk());
  EXPECT_THAT(Lease(Ticket("call_a")), StatusIs(absl::StatusCode::kDeadlineExceeded));
  EXPECT_EQ(Count("keyvault.leases WHERE tenant_id = 'tnt_a'"), 0);

  other.Do("ROLLBACK");
  EXPECT_THAT(Lease(Ticket("call_a")), IsOk());
}

TEST_F(AuditTest, RenewalsAreOneRowForEachInstanceAndMinute) {
  Save("tnt_a");
  const absl::StatusOr<v1::LeaseKeysResponse> one = Lease(Ticket("call_1"));
  const absl::StatusOr<v1::LeaseKeysResponse> two =
      Lease(Ticket("call_2", "tnt_a", "m2"), "media/m2");
  const std::string rows = RunSql("SELECT count(*) FROM keyvault.audit");

  const std::string first = RunSql("SELECT date_trunc('minute', now())");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Renew(*one)->leases_size(), 1);
    EXPECT_EQ(Renew(*two, "media/m2")->leases_size(), 1);
  }
  const bool same_minute = RunSql("SELECT date_trunc('minute', now())") == first;

  EXPECT_EQ(Count("keyvault.renewals"), same_minute ? 2 : 4);
  EXPECT_EQ(RunSql("SELECT count(*) FROM keyvault.audit"), rows);
}

class ProbeLimitTest : public LeasingFixture {
 protected:
  ProbeLimitTest() : LeasingFixture({"--tenant-probe-rate=1"}) {}

  absl::StatusOr<v1::TestKeyResponse> TestKey() {
    v1::TestKeyRequest request;
    request.mutable_scope()->set_tenant_id("tnt_a");
    request.set_provider(PROVIDER_ANTHROPIC);
    *request.mutable_candidate() =
        Seal("tnt_a", PROVIDER_ANTHROPIC, {{"api_key", "sk-ant-api03-good-0000"}});
    return CallAs("gateway", &Stub::PrepareAsyncTestKey, request);
  }
};

TEST_F(ProbeLimitTest, WhoTriesTooManyKeysIsRefusedAndAuditedByCount) {
  EXPECT_THAT(TestKey(), IsOk());
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(TestKey(), StatusIs(absl::StatusCode::kResourceExhausted, "probe_limit"));
  }
  StopKeyvault();

  EXPECT_EQ(validator_.probes, 1);
  EXPECT_EQ(Audited("test", "refused", "probe_limit"), 3);
  StartKeyvault();
  EXPECT_EQ(Verify("tnt_a")->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
}

}  // namespace
}  // namespace latchkey::keyvault
