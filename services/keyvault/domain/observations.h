// Observations: what calls saw their providers answer, made into the health of keys.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "lib/base/task.h"
#include "services/keyvault/domain/health_store.h"

namespace latchkey::keyvault {

inline constexpr size_t kObservationsMax = 10'000;

// Lives on one io thread. What it is made from outlives it.
class Observations {
 public:
  Observations(HealthStore& store, const Clock& clock, HealthRule rule)
      : store_(store), clock_(clock), rule_(rule) {}

  // Takes what `caller`, a media instance, saw of the keys of its leases. Of others' leases, and of
  // versions that were superseded, nothing is taken. Writes only where something changes. Says how
  // many were taken.
  // kInvalidArgument `malformed_request`: more than kObservationsMax.
  Task<absl::StatusOr<size_t>> Take(const Actor& caller,
                                    const std::vector<LeaseObservation>& observations);

 private:
  HealthStore& store_;
  const Clock& clock_;
  const HealthRule rule_;
};

// What several leases of one key saw: each answer once, with all its counts, in the order in which
// each comes last; and the least ceiling that was told.
LeaseObservation Merge(const std::vector<const LeaseObservation*>& observations);

}  // namespace latchkey::keyvault
