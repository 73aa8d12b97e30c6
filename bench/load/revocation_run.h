// Revocation run: live leases, those who hold them watching, and an operator who revokes.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/load/delays.h"
#include "bench/load/lease_fleet.h"
#include "lib/base/spawn.h"
#include "lib/rpc/client.h"

namespace latchkey::bench {

// Lives on one io thread. What it is made from outlives it.
class RevocationRun {
 public:
  static constexpr int kTenants = 250;  // With kKeysPerTenant leases each: 1,000.

  RevocationRun(Executor executor, LeaseFleet& fleet, rpc::Client<keyvault::v1::KeyVault>& ops)
      : executor_(std::move(executor)), fleet_(fleet), ops_(ops), watchers_(executor_) {}

  // Leases 1,000 keys and revokes them, one tenant after the other; then leases and revokes them
  // all at once. kDeadlineExceeded: somebody was not told.
  Task<absl::Status> Run();

  // From the operator's request to the holder's message; of each lease.
  const Delays& one_by_one() const { return one_by_one_; }
  const Delays& all_at_once() const { return all_at_once_; }

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  Task<absl::Status> RunBoth();
  Task<void> Watch(LeasingInstance& instance);
  Task<absl::Status> LeaseAll();
  Task<absl::Status> RevokeEach();
  Task<absl::Status> RevokeAllAtOnce();
  Task<absl::Status> Revoke(keyvault::v1::RevokeAllRequest request, int expected);
  Task<absl::Status> AwaitTold();

  Executor executor_;
  LeaseFleet& fleet_;
  rpc::Client<keyvault::v1::KeyVault>& ops_;
  Group watchers_;
  int watching_ = 0;
  std::vector<std::vector<std::string>> leases_;  // By tenant.
  std::map<std::string, TimePoint> revoked_;      // By lease: when it was asked for, until told.
  Delays one_by_one_, all_at_once_;
  Delays* told_ = &one_by_one_;
};

}  // namespace latchkey::bench
