// FakeLeaseStore: LeaseStore in memory, beside a FakeKeyStore, by a clock of the test's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "services/keyvault/domain/ports.h"
#include "tests/support/keyvault/fake_key_store.h"

namespace latchkey::keyvault {

class FakeLeaseStore final : public LeaseStore {
 public:
  // Both outlive it. Audit rows go to `keys.audit`, as in Postgres all are in one table.
  FakeLeaseStore(FakeKeyStore& keys, const Clock& clock) : keys_(keys), clock_(clock) {
    keys_.now = [this] { return clock_.Now(); };
  }

  Task<absl::StatusOr<TicketLeases>> Grant(const LeaseApplication& application) override;
  Task<absl::StatusOr<std::vector<Renewal>>> Renew(const std::string& caller,
                                                   const std::vector<LeaseId>& ids,
                                                   absl::Duration ttl) override;
  Task<absl::StatusOr<int>> Release(const std::string& caller, const CallId& call) override;
  Task<absl::StatusOr<std::vector<ForeignLease>>> FindForeign(
      const std::string& caller, const std::vector<LeaseId>& ids) override;
  Task<absl::StatusOr<std::vector<ForeignLease>>> FindForeignOfCall(const std::string& caller,
                                                                    const CallId& call) override;
  Task<absl::StatusOr<std::vector<LiveLeases>>> CountLive() override;
  Task<absl::Status> Sweep() override;

  struct Row {
    LeaseId id;
    std::string nonce;
    CallId call;
    std::string caller;
    std::string public_key;
    KeyId key;
    int version;
    Provider provider;
    TenantId tenant;
    absl::Time expire_time;
    absl::Time lease_until;
    absl::Time ticket_expire_time;
    bool released = false;
    std::optional<int> switched_from;
    bool given_back = false;
  };
  // For FakeRevocationStore.
  std::vector<Row>& rows() { return rows_; }
  bool Live(const Row& row) const { return !row.released && row.expire_time > clock_.Now(); }

  absl::Status failure;  // When it is an error, every method returns it.

 private:
  absl::Time EndOf(absl::Duration ttl, absl::Time lease_until) const;
  absl::StatusOr<TicketLeases> Found(const std::string& nonce, bool granted_now) const;

  FakeKeyStore& keys_;
  const Clock& clock_;
  std::vector<Row> rows_;
};

}  // namespace latchkey::keyvault
