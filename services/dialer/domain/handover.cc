#include "services/dialer/domain/handover.h"

#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {
namespace {

// How often an instance is offered a call while it is unknown whether it took it.
constexpr int kOffersMax = 3;
constexpr absl::Duration kOfferPause = absl::Milliseconds(200);
// What media answers when it certainly did not take a call.
constexpr std::string_view kInstanceDraining = "instance_draining";

}  // namespace

void GiveTo(const MediaInstance& instance, Call& call) {
  call.media_instance = instance.name;
  call.media_incarnation = instance.incarnation;
}

bool WasRefused(const absl::Status& started) {
  return absl::IsResourceExhausted(started) || Reason(started) == kInstanceDraining;
}

bool FateUnknown(const absl::Status& started) {
  return !started.ok() && !WasRefused(started) && !absl::IsInvalidArgument(started);
}

absl::Status FleetFull() {
  return Error(absl::StatusCode::kResourceExhausted, reasons::kFleetFull,
               "No media instance has room for another call. Try again in a few seconds.");
}

absl::Status StartUnknown() {
  return Error(absl::StatusCode::kUnavailable, reasons::kPeerUnreachable,
               "The media instance that was given the call does not answer. Ask again with the "
               "same request id to learn what became of it.");
}

Task<absl::StatusOr<std::string>> Handover::Give(const std::vector<MediaInstance>& fleet,
                                                 MediaInstance first, std::set<std::string> refused,
                                                 Call& call, const Admitted& admitted) {
  std::optional<MediaInstance> chosen = std::move(first);
  while (true) {
    absl::StatusOr<std::string> started = co_await Offer(*chosen, call, admitted);
    if (started.ok()) co_return started;
    log::Warn("call not started", {{"call_id", call.id.text()},
                                   {"tenant_id", call.tenant.text()},
                                   {"media_instance", chosen->name},
                                   {"status", started.status()}});
    refused.insert(chosen->name);
    chosen = Choose(fleet, clock_.Now(), refused);
    if (!WasRefused(started.status()) || !chosen.has_value()) co_return started;
    GiveTo(*chosen, call);
    absl::Status assigned = co_await store_.Assign(call.id, *chosen);
    if (!assigned.ok()) co_return assigned;
  }
}

Task<absl::StatusOr<std::string>> Handover::Offer(const MediaInstance& instance, const Call& call,
                                                  const Admitted& admitted) {
  const AgentSettings& agent = admitted.line.number.agent;
  const SignedTicket ticket = TicketFor(call, admitted);
  for (int offer = 1;; ++offer) {
    absl::StatusOr<std::string> started = co_await media_.Start(instance, call, agent, ticket);
    if (!FateUnknown(started.status()) || offer == kOffersMax) co_return started;
    co_await clock_.Sleep(kOfferPause);
  }
}

SignedTicket Handover::TicketFor(const Call& call, const Admitted& admitted) {
  return signer_.Sign(CallTicket(call, admitted.keys.grants,
                                 admitted.line.number.agent.call_duration_max, clock_.Now(),
                                 random_));
}

}  // namespace latchkey::dialer
