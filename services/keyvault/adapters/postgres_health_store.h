// HealthStore in Postgres, schema keyvault. Time is the database's.
#pragma once

#include <functional>

#include "lib/base/random.h"
#include "lib/pg/pool.h"
#include "services/keyvault/domain/audit_chain.h"
#include "services/keyvault/domain/health_store.h"

namespace latchkey::keyvault {

// What it is made from outlives it.
class PostgresHealthStore final : public HealthStore {
 public:
  // `on_event` is called after each commit that left a message in the outbox.
  PostgresHealthStore(pg::Pool& pool, const AuditChain& chain, Random& random,
                      std::function<void()> on_event)
      : pool_(pool), chain_(chain), random_(random), on_event_(std::move(on_event)) {}

  Task<absl::StatusOr<std::vector<SeenKey>>> FindSeen(
      const std::string& caller, const std::vector<LeaseObservation>& observations) override;
  Task<absl::StatusOr<std::optional<KeyHealth>>> Change(const KeyId& key, int version,
                                                        const HealthChange& change,
                                                        const Actor& actor) override;
  Task<absl::Status> Plan(absl::Duration interval) override;
  Task<absl::StatusOr<std::vector<StoredKey>>> ClaimDue(int limit, absl::Duration claim) override;

 private:
  pg::Pool& pool_;
  const AuditChain& chain_;
  Random& random_;
  const std::function<void()> on_event_;
};

}  // namespace latchkey::keyvault
