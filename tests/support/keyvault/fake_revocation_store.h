// FakeRevocationStore: RevocationStore in memory, over a FakeLeaseStore's leases.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "services/keyvault/domain/revocation_store.h"
#include "tests/support/keyvault/fake_lease_store.h"

namespace latchkey::keyvault {

class FakeRevocationStore final : public RevocationStore {
 public:
  // All outlive it. Lets `keys` revoke a deleted key's leases here.
  FakeRevocationStore(FakeKeyStore& keys, FakeLeaseStore& leases, const Clock& clock);

  Task<absl::StatusOr<int>> Revoke(const RevocationTarget& target, RevocationReason reason,
                                   const Actor& actor) override;
  Task<absl::StatusOr<int64_t>> Head() override;
  Task<absl::StatusOr<std::vector<Revocation>>> List(const std::string& caller, int64_t cursor,
                                                     int limit) override;
  Task<absl::StatusOr<std::optional<HeldVersion>>> FindHeld(const std::string& caller,
                                                            const LeaseId& id) override;
  Task<absl::StatusOr<bool>> Switch(const HeldVersion& held, const VersionChoice& to) override;
  Task<absl::StatusOr<Lease>> GetLease(const std::string& caller, const LeaseId& id) override;
  Task<absl::Status> SweepRevocations() override;

  int RevokeNow(const RevocationTarget& target, RevocationReason reason, const Actor& actor);

  absl::Status failure;      // When it is an error, every method returns it.
  int switches_to_lose = 0;  // So many switches find that somebody was faster.

 private:
  struct Told {
    Revocation revocation;
    std::string caller;
    absl::Time time;
  };

  FakeLeaseStore::Row* FindLive(const std::string& caller, const LeaseId& id);
  bool Hits(const RevocationTarget& target, const FakeLeaseStore::Row& row) const;

  FakeKeyStore& keys_;
  FakeLeaseStore& leases_;
  const Clock& clock_;
  std::vector<Told> told_;
  int64_t head_ = 0;
};

}  // namespace latchkey::keyvault
