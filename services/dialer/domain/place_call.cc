#include "services/dialer/domain/place_call.h"

#include <utility>

#include "lib/base/error.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {

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
  if (call.ok() && (call->number != order.number || call->to != order.to.text() ||
                    call->direction != Direction::kOutbound)) {
    co_return Error(absl::StatusCode::kAlreadyExists, reasons::kRequestIdReused,
                    "This request id was used for another call. Use a new one for each call.");
  }
  co_return call;
}

Task<absl::StatusOr<Admitted>> PlaceCall::Admit(const Order& order) {
  absl::StatusOr<Line> line = co_await ports_.directory.FindLine(order.tenant, order.number);
  if (!line.ok()) co_return line.status();
  absl::Status callee = co_await AdmitCallee(order, line->tenant);
  if (!callee.ok()) co_return callee;
  co_return co_await ports_.admission.Admit(*line);
}

Task<absl::Status> PlaceCall::AdmitCallee(const Order& order, const Tenant& tenant) {
  absl::StatusOr<bool> listed = co_await ports_.dnc.Contains(order.tenant, order.to);
  if (!listed.ok()) co_return listed.status();
  Callee callee;
  callee.facts = ports_.plan.Describe(order.to);
  callee.on_dnc_list = *listed;
  co_return dialer::AdmitCallee(tenant, callee, ports_.zones, ports_.clock.Now());
}

Call PlaceCall::NewCall(const Order& order, const Admitted& admitted) const {
  Call call = CallOn(admitted.line);
  Fix(admitted, call);
  call.id = CallId::Make(ports_.random);
  call.request_id = order.request_id;
  call.from = admitted.line.number.e164;
  call.to = order.to.text();
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

  std::set<std::string> refused;
  absl::StatusOr<std::string> given =
      co_await ports_.handover.Give(*fleet, *std::move(chosen), std::move(refused), call, admitted);
  if (given.ok()) co_return call;
  const absl::Status taken = given.status();
  if (FateUnknown(taken)) co_return StartUnknown();
  absl::Status withdrawn = co_await ports_.store.Withdraw(call.id);
  if (!withdrawn.ok()) co_return withdrawn;
  if (WasRefused(taken)) co_return FleetFull();
  co_return taken;
}

}  // namespace latchkey::dialer
