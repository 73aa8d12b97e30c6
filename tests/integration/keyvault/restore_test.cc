// What a backup gives back, with the ring and without; and what a shredding takes away for ever.
#include <fmt/format.h>

#include <cstdlib>

#include "tests/integration/keyvault/keyvault_program.h"
#include "tests/integration/keyvault/rotation_fixture.h"

namespace latchkey::keyvault {
namespace {

using testing::HasSubstr;

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";

class RestoreTest : public RotationFixture {
 protected:
  void RunTool(const std::string& command) {
    ASSERT_EQ(std::system((kPrograms + command).c_str()), 0) << command;
  }

  absl::StatusOr<v1::ShredTenantResponse> Shred(const std::string& tenant) {
    v1::ShredTenantRequest request;
    request.set_tenant_id(tenant);
    return CallAs("ops", &Stub::PrepareAsyncShredTenant, request);
  }
};

TEST_F(RestoreTest, ADumpInAFreshClusterLeasesEveryKeyWithTheRingAndNoneWithoutIt) {
  SaveTenants(10);
  ExpectEveryKeyIsLeased();
  ASSERT_TRUE(Eventually([this] { return Verify("tnt_9")->checkpoint_number() == 2; }));
  const std::string dump = ring_.folder() + "/dump.sql";
  RunTool(fmt::format("pg_dump -n keyvault -f {} -d '{}'", dump, database_.superuser));
  StopKeyvault();
  RunSql("SET client_min_messages = warning; DROP SCHEMA keyvault CASCADE");

  PostgresCluster fresh;
  const TestDatabase restored = fresh.MakeDatabase("keyvault");
  RunTool(
      fmt::format("psql -q -v ON_ERROR_STOP=1 -f {} -d '{}' >/dev/null", dump, restored.superuser));

  StartKeyvault(restored.service);
  ExpectEveryKeyIsLeased();
  for (int i = 0; i < 10; ++i) {
    const absl::StatusOr<v1::VerifyAuditResponse> verdict = Verify(fmt::format("tnt_{}", i));
    EXPECT_EQ(verdict->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
    EXPECT_GE(verdict->checkpoint_number(), 2);
  }
  StopKeyvault();
  ring_.Write("another", {"another"});
  KeyvaultProgram without(Arguments(restored.service), ring_.folder());
  EXPECT_EQ(without.AwaitExit(), 2);
  EXPECT_THAT(without.Log(), HasSubstr("Start with the root key that they were saved with."));
}

TEST_F(RestoreTest, NothingOfAShreddedTenantOpensAgain) {
  SaveTenants(2);
  const absl::StatusOr<v1::LeaseKeysResponse> live = Lease(Ticket("call_live", "tnt_0"));
  ASSERT_THAT(live, IsOk());
  RunSql(
      "CREATE TABLE old_versions AS TABLE keyvault.key_versions;"
      "CREATE TABLE old_fields AS TABLE keyvault.key_fields;"
      "CREATE TABLE old_keys AS TABLE keyvault.keys");

  const absl::StatusOr<v1::ShredTenantResponse> shredded = Shred("tnt_0");

  ASSERT_THAT(shredded, IsOk());
  EXPECT_EQ(shredded->key_count(), 1);
  EXPECT_EQ(shredded->revoked_count(), 1);
  EXPECT_EQ(Renew(*live)->leases_size(), 0);
  EXPECT_THAT(Lease(Ticket("call_1", "tnt_0")),
              StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
  EXPECT_THAT(Shred("tnt_0"), StatusIs(absl::StatusCode::kNotFound, "tenant_not_found"));

  // Its rows come back from a backup, under the tenant's next key: they do not open.
  Save("tnt_0", "sk-ant-api03-new-life-0000-3333");
  RunSql(
      "DELETE FROM keyvault.keys WHERE tenant_id = 'tnt_0';"
      "INSERT INTO keyvault.keys SELECT * FROM old_keys WHERE tenant_id = 'tnt_0';"
      "INSERT INTO keyvault.key_versions SELECT v.* FROM old_versions v JOIN old_keys"
      "  USING (key_id) WHERE tenant_id = 'tnt_0';"
      "INSERT INTO keyvault.key_fields SELECT f.* FROM old_fields f JOIN old_keys"
      "  USING (key_id) WHERE tenant_id = 'tnt_0'");
  const absl::StatusOr<v1::LeaseKeysResponse> again = Lease(Ticket("call_2", "tnt_0"));
  EXPECT_FALSE(again.ok());
  EXPECT_THAT(Lease(Ticket("call_3", "tnt_1")), IsOk());
  EXPECT_EQ(Audited("shred", "done"), 1);
  EXPECT_EQ(Verify("tnt_0")->fault(), v1::AUDIT_FAULT_UNSPECIFIED);
}

}  // namespace
}  // namespace latchkey::keyvault
