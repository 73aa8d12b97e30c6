#include "services/dialer/domain/place_call.h"

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

absl::Status FleetFull() {
  return Error(absl::StatusCode::kResourceExhausted, reasons::kFleetFull,
               "No media instance has room for another call. Try again in a few seconds.");
}

absl::Status StartUnknown() {
  return Error(absl::StatusCode::kUnavailable, reasons::kPeerUnreachable,
               "The media instance that was given the call does not answer. Ask again with the "
               "same request id to learn what became of it.");
}

bool WasRefused(const absl::Status& started) {
  return absl::IsResourceExhausted(started) || Reason(started) == kInstanceDraining;
}

bool FateUnknown(const absl::Status& started) {
  return !started.ok() && !WasRefused(started) && !absl::IsInvalidArgument(started);
}

void GiveTo(const MediaInstance& instance, Call& call) {
  call.media_instance = instance.name;
  call.media_incarnation = instance.incarnation;
}

}  // namespace

Task<absl::StatusOr<Call>> PlaceCall::Place(const Order& order) {
  absl::StatusOr<Call> earlier = co_await Earlier(order);
  if (earlier.ok() || !absl::IsNotFound(earlier.status())) co_return earlier;
  absl::StatusOr<Admitted> admitted = co_await Admit(order);
  if (!admitted.ok()) co_return admitted.status();
  absl::StatusOr<Call> placed = co_await Launch(order, *admitted);
  // The same request at the same time: the other one was first.
  if (Reason(placed.status()) == reasons::kRequestIdReused) co_return co_await Earlier(order);
  co_return placed;
}

Task<absl::StatusOr<Call>> PlaceCall::Earlier(const Order& order) {
  absl::StatusOr<Call> call = co_await ports_.store.FindByRequest(order.tenant, order.request_id);
  if (call.ok() && (call->number != order.number || call->to != order.to.text())) {
    co_return Error(absl::StatusCode::kAlreadyExists, reasons::kRequestIdReused,
                    "This request id was used for another call. Use a new one for each call.");
  }
  co_return call;
}

Task<absl::StatusOr<PlaceCall::Admitted>> PlaceCall::Admit(const Order& order) {
  Admitted admitted;
  absl::StatusOr<Line> line = co_await ports_.directory.FindLine(order.tenant, order.number);
  if (!line.ok()) co_return line.status();
  admitted.line = *std::move(line);
  KeepTransferable(admitted.line.tenant, ports_.plan, admitted.line.number.agent.transfer_targets);
  absl::Status callee = co_await AdmitCallee(order, admitted.line.tenant);
  if (!callee.ok()) co_return callee;
  absl::StatusOr<ResolvedKeys> keys = co_await Resolve(admitted.line);
  if (!keys.ok()) co_return keys.status();
  admitted.keys = *std::move(keys);
  absl::StatusOr<Rate> rate =
      co_await ports_.pricing.Authorize(admitted.line.tenant, admitted.keys.mode);
  if (!rate.ok()) co_return rate.status();
  admitted.rate = *std::move(rate);
  co_return admitted;
}

Task<absl::Status> PlaceCall::AdmitCallee(const Order& order, const Tenant& tenant) {
  absl::StatusOr<bool> listed = co_await ports_.dnc.Contains(order.tenant, order.to);
  if (!listed.ok()) co_return listed.status();
  Callee callee;
  callee.facts = ports_.plan.Describe(order.to);
  callee.on_dnc_list = *listed;
  co_return dialer::AdmitCallee(tenant, callee, ports_.zones, ports_.clock.Now());
}

Task<absl::StatusOr<ResolvedKeys>> PlaceCall::Resolve(const Line& line) {
  absl::StatusOr<std::vector<KeyFacts>> keys = co_await ports_.keys.ListKeys(line.tenant.id);
  if (!keys.ok()) co_return keys.status();
  if (!line.tenant.byok || line.number.platform_owned) {
    absl::StatusOr<std::vector<KeyFacts>> platform =
        co_await ports_.keys.ListKeys(PlatformTenant());
    if (!platform.ok()) co_return platform.status();
    keys->insert(keys->end(), platform->begin(), platform->end());
  }
  co_return ResolveKeys(line, *keys);
}

Call PlaceCall::NewCall(const Order& order, const Admitted& admitted) const {
  Call call;
  call.id = CallId::Make(ports_.random);
  call.tenant = order.tenant;
  call.number = order.number;
  call.request_id = order.request_id;
  call.from = admitted.line.number.e164;
  call.to = order.to.text();
  call.carrier = admitted.line.number.carrier;
  call.carrier_scope = admitted.keys.carrier_scope;
  call.llm_scope = admitted.keys.llm_scope;
  call.mode = admitted.keys.mode;
  call.rate = admitted.rate;
  call.create_time = ports_.clock.Now();
  return call;
}

Task<absl::StatusOr<Call>> PlaceCall::Launch(const Order& order, const Admitted& admitted) {
  absl::StatusOr<std::vector<MediaInstance>> fleet = co_await ports_.fleet.List();
  if (!fleet.ok()) co_return fleet.status();
  std::optional<MediaInstance> chosen = Choose(*fleet, ports_.clock.Now());
  if (!chosen.has_value()) co_return FleetFull();

  Call call = NewCall(order, admitted);
  GiveTo(*chosen, call);
  const Ceilings ceilings{admitted.line.tenant.rules.concurrent_calls_max,
                          admitted.keys.llm_call_ceiling};
  absl::Status written = co_await ports_.store.Admit(call, ceilings);
  if (!written.ok()) co_return written;

  absl::Status taken = co_await OfferAround(*fleet, *std::move(chosen), call, admitted);
  if (taken.ok()) co_return call;
  if (FateUnknown(taken)) co_return StartUnknown();
  absl::Status withdrawn = co_await ports_.store.Withdraw(call.id);
  if (!withdrawn.ok()) co_return withdrawn;
  if (WasRefused(taken)) co_return FleetFull();
  co_return taken;
}

Task<absl::Status> PlaceCall::OfferAround(const std::vector<MediaInstance>& fleet,
                                          MediaInstance first, Call& call,
                                          const Admitted& admitted) {
  std::optional<MediaInstance> chosen = std::move(first);
  std::set<std::string> refused;
  while (true) {
    absl::Status started = co_await Offer(*chosen, call, admitted);
    if (started.ok()) co_return started;
    log::Warn("call not started", {{"call_id", call.id.text()},
                                   {"tenant_id", call.tenant.text()},
                                   {"media_instance", chosen->name},
                                   {"status", started}});
    refused.insert(chosen->name);
    chosen = Choose(fleet, ports_.clock.Now(), refused);
    if (!WasRefused(started) || !chosen.has_value()) co_return started;
    GiveTo(*chosen, call);
    absl::Status assigned = co_await ports_.store.Assign(call.id, *chosen);
    if (!assigned.ok()) co_return assigned;
  }
}

Task<absl::Status> PlaceCall::Offer(const MediaInstance& instance, Call& call,
                                    const Admitted& admitted) {
  const AgentSettings& agent = admitted.line.number.agent;
  const TicketTerms terms = CallTicket(call, admitted.keys.grants, agent.call_duration_max,
                                       ports_.clock.Now(), ports_.random);
  const SignedTicket ticket = ports_.signer.Sign(terms);
  absl::Status started;
  for (int offer = 1; offer <= kOffersMax; ++offer) {
    started = co_await ports_.media.Start(instance, call, agent, ticket);
    if (!FateUnknown(started) || offer == kOffersMax) break;
    co_await ports_.clock.Sleep(kOfferPause);
  }
  co_return started;
}

}  // namespace latchkey::dialer
