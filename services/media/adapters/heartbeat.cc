#include "services/media/adapters/heartbeat.h"

#include <utility>

#include "lib/base/clock.h"
#include "lib/base/log.h"

namespace latchkey::media {
namespace {

namespace pb = dialer::v1;

constexpr absl::Duration kPeriod = absl::Seconds(1);
constexpr absl::Duration kDeadline = absl::Seconds(2);

}  // namespace

Heartbeat::Heartbeat(rpc::Client<pb::Dialer>& dialer, const Switchboard& switchboard,
                     std::string incarnation)
    : dialer_(dialer), switchboard_(switchboard), incarnation_(std::move(incarnation)) {}

Task<void> Heartbeat::Run() {
  SystemClock clock;
  while (true) {
    co_await Beat();
    co_await clock.Sleep(kPeriod);
  }
}

Task<void> Heartbeat::Beat() {
  pb::HeartbeatRequest request;
  request.set_address(address_);
  request.set_capacity(switchboard_.capacity());
  request.set_live_calls(switchboard_.live());
  request.set_draining(switchboard_.draining());
  request.set_incarnation(incarnation_);
  const rpc::CallOptions options(kDeadline);
  absl::StatusOr<pb::HeartbeatResponse> response =
      co_await rpc::Call(dialer_, &pb::Dialer::Stub::PrepareAsyncHeartbeat, request, options);
  // Said once, not every second.
  if (heard_ && !response.ok()) {
    log::Warn("dialer does not hear us", {{"status", response.status()}});
  } else if (!heard_ && response.ok()) {
    log::Info("dialer hears us again");
  }
  heard_ = response.ok();
}

}  // namespace latchkey::media
