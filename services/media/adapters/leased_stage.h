// LeasedStage: leases a call's keys, and makes the parts of the call's pipeline of them.
#pragma once

#include <memory>
#include <utility>

#include "services/media/adapters/stage_ports.h"
#include "services/media/domain/call_ports.h"

namespace latchkey::media {

// One for each io thread of calls, and used on it alone.
class LeasedStage final : public CallStage {
 public:
  explicit LeasedStage(StagePorts ports) : ports_(std::move(ports)) {}

  Task<absl::StatusOr<std::unique_ptr<CallParts>>> Open(const CallSpec& spec,
                                                        const Ticket& ticket) override;

 private:
  StagePorts ports_;
};

}  // namespace latchkey::media
