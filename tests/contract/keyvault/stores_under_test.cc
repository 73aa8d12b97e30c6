#include "tests/contract/keyvault/stores_under_test.h"

#include <fmt/format.h>

#include <algorithm>

#include "lib/base/check.h"
#include "lib/pg/pool.h"
#include "migrations/keyvault.h"
#include "services/keyvault/adapters/postgres_health_store.h"
#include "services/keyvault/adapters/postgres_key_store.h"
#include "services/keyvault/adapters/postgres_lease_store.h"
#include "services/keyvault/adapters/postgres_revocation_store.h"
#include "services/keyvault/adapters/postgres_root_key_store.h"
#include "services/keyvault/adapters/postgres_signing_secret_store.h"
#include "services/keyvault/domain/audit_chain.h"
#include "tests/support/await.h"
#include "tests/support/keyvault/fake_health_store.h"
#include "tests/support/keyvault/fake_key_store.h"
#include "tests/support/keyvault/fake_lease_store.h"
#include "tests/support/keyvault/fake_revocation_store.h"
#include "tests/support/keyvault/fake_root_key_store.h"
#include "tests/support/keyvault/fake_signing_secret_store.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/simulated_clock.h"

namespace latchkey::keyvault {

namespace {

class FakeStores final : public StoresUnderTest {
 public:
  KeyStore& keys() override { return keys_; }
  LeaseStore& leases() override { return leases_; }
  RevocationStore& revocations() override { return revocations_; }
  RootKeyStore& root_keys() override { return root_keys_; }
  SigningSecretStore& signing_secrets() override { return signing_secrets_; }
  HealthStore& health() override { return health_; }
  int CountEvents() override { return static_cast<int>(health_.events.size()); }
  absl::Time Now() override { return clock_.Now(); }
  void LetPass(absl::Duration duration) override { clock_.Advance(duration); }
  int CountAudit(AuditAction action, AuditOutcome outcome) override {
    return static_cast<int>(std::ranges::count_if(keys_.audit, [&](const AuditRow& row) {
      return row.action == action && row.outcome == outcome;
    }));
  }

 private:
  SimulatedClock clock_;
  FakeKeyStore keys_;
  FakeLeaseStore leases_{keys_, clock_};
  FakeRevocationStore revocations_{keys_, leases_, clock_};
  FakeRootKeyStore root_keys_{keys_, revocations_};
  FakeSigningSecretStore signing_secrets_{keys_, clock_};
  FakeHealthStore health_{keys_, leases_, clock_};
};

class PostgresStores final : public StoresUnderTest {
 public:
  PostgresStores() {
    const absl::StatusOr<int> applied =
        Await(io, pg::Migrate(io.get_executor(), {database_.owner, "keyvault"}, Migrations()));
    Check(applied.ok(), "the migrations apply");
    pg::PoolOptions options;
    options.conninfo = database_.service;
    options.schema = "keyvault";
    pool_ = std::make_unique<pg::Pool>(io.get_executor(), options);
    keys_ = std::make_unique<PostgresKeyStore>(*pool_, chain_);
    leases_ = std::make_unique<PostgresLeaseStore>(*pool_, chain_);
    revocations_ = std::make_unique<PostgresRevocationStore>(*pool_, chain_);
    root_keys_ = std::make_unique<PostgresRootKeyStore>(*pool_, chain_);
    signing_secrets_ = std::make_unique<PostgresSigningSecretStore>(*pool_, chain_);
    health_ = std::make_unique<PostgresHealthStore>(*pool_, chain_, random_, [] {});
  }

  KeyStore& keys() override { return *keys_; }
  LeaseStore& leases() override { return *leases_; }
  RevocationStore& revocations() override { return *revocations_; }
  RootKeyStore& root_keys() override { return *root_keys_; }
  SigningSecretStore& signing_secrets() override { return *signing_secrets_; }
  HealthStore& health() override { return *health_; }
  int CountEvents() override { return std::stoi(Run("SELECT count(*) FROM keyvault.outbox")); }

  absl::Time Now() override {
    const std::string seconds = Run("SELECT floor(extract(epoch FROM now()))::bigint");
    return absl::FromUnixSeconds(std::stoll(seconds));
  }

  // Time cannot be moved, so everything that was written is moved into the past.
  void LetPass(absl::Duration duration) override {
    const std::string by = fmt::format("interval '{} seconds'", absl::ToInt64Seconds(duration));
    Run(
        fmt::format("UPDATE keyvault.leases SET expire_time = expire_time - {0},"
                    " lease_until = lease_until - {0},"
                    " ticket_expire_time = ticket_expire_time - {0},"
                    " release_time = release_time - {0}",
                    by));
    Run(fmt::format("UPDATE keyvault.revocations SET time = time - {}", by));
    Run(
        fmt::format("UPDATE keyvault.key_versions SET supersede_time = supersede_time - {0},"
                    " status_time = status_time - {0}, check_time = check_time - {0},"
                    " trouble_time = trouble_time - {0}, validate_time = validate_time - {0}",
                    by));
    Run(fmt::format("UPDATE keyvault.saved_requests SET create_time = create_time - {}", by));
    Run(fmt::format("UPDATE keyvault.signing_secrets SET create_time = create_time - {}", by));
  }

  int CountAudit(AuditAction action, AuditOutcome outcome) override {
    return std::stoi(Run(
        fmt::format("SELECT count(*) FROM keyvault.audit WHERE action = '{}' AND outcome = '{}'",
                    Word(action), Word(outcome))));
  }

 private:
  std::string Run(const std::string& sql) { return cluster_.Run(database_.superuser, sql); }

  PostgresCluster& cluster_ = PostgresCluster::Shared();
  TestDatabase database_ = cluster_.MakeDatabase("keyvault");
  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  AuditChain chain_{ring_};
  std::unique_ptr<pg::Pool> pool_;
  std::unique_ptr<PostgresKeyStore> keys_;
  std::unique_ptr<PostgresLeaseStore> leases_;
  std::unique_ptr<PostgresRevocationStore> revocations_;
  std::unique_ptr<PostgresRootKeyStore> root_keys_;
  std::unique_ptr<PostgresSigningSecretStore> signing_secrets_;
  SystemRandom random_;
  std::unique_ptr<PostgresHealthStore> health_;
};

}  // namespace

std::unique_ptr<StoresUnderTest> MakeStores(std::string_view kind) {
  if (kind == "fake") return std::make_unique<FakeStores>();
  return std::make_unique<PostgresStores>();
}

}  // namespace latchkey::keyvault
