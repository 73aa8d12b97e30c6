// FakeHealthStore: HealthStore in memory, beside a FakeKeyStore and a FakeLeaseStore.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "lib/base/clock.h"
#include "services/keyvault/domain/health_store.h"
#include "tests/support/keyvault/fake_key_store.h"
#include "tests/support/keyvault/fake_lease_store.h"

namespace latchkey::keyvault {

class FakeHealthStore final : public HealthStore {
 public:
  // All outlive it. Audit rows go to `keys.audit`.
  FakeHealthStore(FakeKeyStore& keys, FakeLeaseStore& leases, const Clock& clock)
      : keys_(keys), leases_(leases), clock_(clock) {}

  Task<absl::StatusOr<std::vector<SeenKey>>> FindSeen(
      const std::string& caller, const std::vector<LeaseObservation>& observations) override;
  Task<absl::StatusOr<std::optional<KeyHealth>>> Change(const KeyId& key, int version,
                                                        const HealthChange& change,
                                                        const Actor& actor) override;
  Task<absl::Status> Plan(absl::Duration interval) override;
  Task<absl::StatusOr<std::vector<StoredKey>>> ClaimDue(int limit, absl::Duration claim) override;

  absl::Status failure;           // When it is an error, every method returns it.
  std::vector<KeyStatus> events;  // What tenants were told, in order.
  int changes = 0;                // Transactions.

  // Of a current version, which is there.
  KeyHealth& HealthOf(const KeyId& key);

 private:
  FakeKeyStore& keys_;
  FakeLeaseStore& leases_;
  const Clock& clock_;
  std::map<std::pair<KeyId, int>, KeyHealth> health_;
};

}  // namespace latchkey::keyvault
