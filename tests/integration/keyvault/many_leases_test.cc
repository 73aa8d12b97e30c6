// A key, or a tenant, that goes with very many live leases.
#include <fmt/format.h>

#include "tests/integration/keyvault/leasing_fixture.h"

namespace latchkey::keyvault {
namespace {

using type::v1::PROVIDER_ANTHROPIC;

class ManyLeasesTest : public LeasingFixture {
 protected:
  static constexpr int kLeases = 150;

  ManyLeasesTest() {
    Save("tnt_a");
    std::vector<type::v1::CallTicket> tickets;
    for (int i = 0; i < kLeases; ++i) tickets.push_back(Ticket("call_" + std::to_string(i)));
    for (const absl::StatusOr<v1::LeaseKeysResponse>& leased : LeaseAtOnce(tickets)) {
      EXPECT_THAT(leased, IsOk());
    }
  }

  absl::StatusOr<v1::DeleteKeyResponse> Delete() {
    v1::DeleteKeyRequest request;
    request.mutable_scope()->set_tenant_id("tnt_a");
    request.set_provider(PROVIDER_ANTHROPIC);
    request.set_live_calls(v1::LIVE_CALLS_END);
    return CallAs("gateway", &Stub::PrepareAsyncDeleteKey, request);
  }

  absl::StatusOr<v1::ShredTenantResponse> Shred() {
    v1::ShredTenantRequest request;
    request.set_tenant_id("tnt_a");
    return CallAs("ops", &Stub::PrepareAsyncShredTenant, request);
  }

  // Of any one transaction.
  int AuditRowsAtOnce() {
    return std::stoi(
        RunSql("SELECT max(rows) FROM"
               "  (SELECT count(*) AS rows FROM keyvault.audit GROUP BY xmin::text) t"));
  }

  void ExpectAllEnded(const std::string& last_action) {
    EXPECT_LE(AuditRowsAtOnce(), 64);
    EXPECT_EQ(Audited("revoke", "done"), kLeases);
    EXPECT_EQ(Audited(last_action, "done"), 1);
    EXPECT_EQ(Count("keyvault.revocations"), kLeases);
    EXPECT_EQ(Count("keyvault.leases WHERE release_time IS NULL"), 0);
    EXPECT_EQ(Verify("tnt_a")->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
  }
};

TEST_F(ManyLeasesTest, AKeyIsDeletedInTransactionsOfSixtyFourRowsAtMost) {
  EXPECT_EQ(Delete()->revoked_count(), kLeases);

  ExpectAllEnded("delete");
  EXPECT_EQ(Count("keyvault.keys"), 0);
}

TEST_F(ManyLeasesTest, ATenantIsShreddedInTransactionsOfSixtyFourRowsAtMost) {
  EXPECT_EQ(Shred()->revoked_count(), kLeases);

  ExpectAllEnded("shred");
  EXPECT_EQ(Count("keyvault.tenant_keys WHERE tenant_id = 'tnt_a'"), 0);
}

// Each part fails as if keyvault had died before it: what was committed stands, and the same
// request does the rest.
TEST_F(ManyLeasesTest, ADeletionThatWasCutOffIsDoneByTheSameRequest) {
  RunSql("ALTER TABLE keyvault.audit ADD CONSTRAINT half CHECK (number <= 1 + 150 + 64)");

  EXPECT_FALSE(Delete().ok());

  EXPECT_EQ(Count("keyvault.keys"), 1);
  EXPECT_EQ(Audited("revoke", "done"), 64);
  EXPECT_EQ(Count("keyvault.leases WHERE release_time IS NULL"), kLeases - 64);
  RunSql("ALTER TABLE keyvault.audit DROP CONSTRAINT half");
  EXPECT_EQ(Delete()->revoked_count(), kLeases - 64);
  ExpectAllEnded("delete");
}

}  // namespace
}  // namespace latchkey::keyvault
