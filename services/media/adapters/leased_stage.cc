#include "services/media/adapters/leased_stage.h"

#include "services/media/adapters/composed_parts.h"
#include "services/media/adapters/realtime_parts.h"

namespace latchkey::media {

Task<absl::StatusOr<std::unique_ptr<CallParts>>> LeasedStage::Open(const CallSpec& spec,
                                                                   const Ticket& ticket) {
  absl::StatusOr<std::unique_ptr<LeasedKeys>> leased =
      co_await ports_.leases.Lease(spec.call_id, ticket);
  if (!leased.ok()) co_return leased.status();
  absl::StatusOr<std::unique_ptr<CallParts>> parts =
      spec.agent.pipeline == Pipeline::kRealtime
          ? MakeRealtimeParts(spec, ports_, *std::move(leased))
          : MakeComposedParts(spec, ports_, *std::move(leased));
  if (!parts.ok()) co_await ports_.leases.Release(spec.call_id);
  co_return parts;
}

}  // namespace latchkey::media
