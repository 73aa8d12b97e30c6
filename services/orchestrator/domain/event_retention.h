// EventRetention: forgets what tenants were told long ago.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/clock.h"
#include "lib/base/task.h"
#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

// Nobody forgets what is new by a mistyped setting.
inline constexpr absl::Duration kEventRetentionMin = absl::Hours(24);

// Lives on one io thread. What it is made from outlives it. Several replicas may run one each.
class EventRetention {
 public:
  // Events are kept for `keep` after they happened, and for kEventRetentionMin at least.
  EventRetention(TenantEventStore& store, Clock& clock, absl::Duration keep);

  // Deletes all that are older, in batches with a pause between them, so that nobody waits for it;
  // says how many. After an error the next sweep goes on.
  Task<absl::StatusOr<int64_t>> Sweep();

  // Sweeps once an hour, for ever: spawn it. Cancelling ends it.
  Task<void> Run();

  static constexpr int kBatch = 1'000;

 private:
  TenantEventStore& store_;
  Clock& clock_;
  const absl::Duration keep_;
};

}  // namespace latchkey::orchestrator
