#include "services/dialer/domain/live_calls.h"

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "services/dialer/domain/reasons.h"
#include "services/dialer/domain/twilio_event.h"

namespace latchkey::dialer {
namespace {

absl::Status Foreign() {
  return Error(absl::StatusCode::kPermissionDenied, reasons::kCallForeign,
               "Another media instance runs this call.");
}

absl::Status Forged() {
  return Error(absl::StatusCode::kPermissionDenied, reasons::kCarrierSignatureInvalid,
               "The carrier did not sign this.");
}

absl::Status NoSuchCall() {
  return Error(absl::StatusCode::kNotFound, reasons::kCallNotFound, "The tenant has no such call.");
}

bool MayReport(const Call& call, const std::string& instance) {
  return !instance.empty() && (instance == call.media_instance || instance == call.settler);
}

std::optional<MediaInstance> Named(const std::vector<MediaInstance>& fleet,
                                   const std::string& name) {
  for (const MediaInstance& instance : fleet) {
    if (instance.name == name) return instance;
  }
  return std::nullopt;
}

}  // namespace

Task<absl::StatusOr<Call>> LiveCalls::Report(const std::string& instance, const CallId& id,
                                             const Progress& progress) {
  const Transition advance = [&](Call& call) {
    if (!MayReport(call, instance)) return Foreign();
    Advance(call, progress.state, progress.time, progress.carrier_call_id);
    return absl::OkStatus();
  };
  co_return co_await store_.Update(id, advance);
}

Task<absl::StatusOr<Call>> LiveCalls::Complete(const std::string& instance, const CallId& id,
                                               const Outcome& outcome) {
  const Transition close = [&](Call& call) {
    if (!MayReport(call, instance)) return Foreign();
    Close(call, outcome);
    return absl::OkStatus();
  };
  absl::StatusOr<Call> call = co_await store_.Update(id, close);
  if (call.ok()) {
    log::Info("call ended", {{"call_id", id.text()},
                             {"tenant_id", call->tenant.text()},
                             {"answered_s", call->answered_s},
                             {"reason", call->reason}});
  }
  co_return call;
}

Task<absl::StatusOr<Call>> LiveCalls::TakeCarrierEvent(const CallId& id, Provider carrier,
                                                       const CarrierRequest& request) {
  absl::StatusOr<Call> call = co_await store_.Find(id);
  if (!call.ok()) co_return call;
  // The URL is signed, so it binds the callback to the one call that it names.
  const bool names_call = request.url.find(id.text()) != std::string::npos;
  if (carrier != call->carrier || !names_call) co_return Forged();
  absl::Status genuine = co_await Verify(*call, request);
  if (!genuine.ok()) co_return genuine;
  if (IsTwilioDialed(request.parameters)) co_return call;
  absl::StatusOr<CarrierEvent> event = ParseTwilioEvent(request.parameters, clock_.Now());
  if (!event.ok()) co_return event.status();
  co_return co_await TakeIn(id, *event);
}

Task<absl::StatusOr<Call>> LiveCalls::TakeInboundEvent(const std::string& reporter,
                                                       Provider carrier,
                                                       const CarrierRequest& request) {
  absl::StatusOr<CarrierEvent> event = ParseTwilioEvent(request.parameters, clock_.Now());
  if (!event.ok()) co_return event.status();
  absl::StatusOr<Call> call = co_await store_.FindInbound(carrier, event->carrier_call_id);
  if (!call.ok()) co_return call;
  absl::Status genuine = co_await Verify(*call, request);
  if (!genuine.ok()) co_return genuine;
  const CallId id = call->id;
  call = co_await TakeIn(id, *event);
  if (!call.ok() || call->state == CallState::kEnded || reporter == call->media_instance) {
    co_return call;
  }
  if (event->state == CallState::kEnded && !call->answer_time.has_value()) {
    co_await TellItsInstance(*call);
  }
  co_return call;
}

Task<absl::Status> LiveCalls::Verify(const Call& call, const CarrierRequest& request) {
  absl::StatusOr<bool> genuine =
      co_await verifier_.Verify(call.carrier_scope, call.carrier, request);
  if (!genuine.ok()) co_return genuine.status();
  if (!*genuine) co_return Forged();
  co_return absl::OkStatus();
}

Task<absl::StatusOr<Call>> LiveCalls::TakeIn(const CallId& id, const CarrierEvent& event) {
  const Transition apply = [&](Call& record) {
    Apply(record, event);
    return absl::OkStatus();
  };
  co_return co_await store_.Update(id, apply);
}

Task<void> LiveCalls::TellItsInstance(const Call& call) {
  absl::StatusOr<std::vector<MediaInstance>> fleet = co_await fleet_.List();
  if (!fleet.ok()) co_return;  // It gives up waiting for the stream by itself.
  const std::optional<MediaInstance> instance = Named(*fleet, call.media_instance);
  if (!instance.has_value()) co_return;
  const std::string reason(reasons::kCallerHungUp);
  absl::Status told = co_await media_.End(*instance, call, reason);
  if (!told.ok()) {
    log::Warn("hang-up not passed on", {{"call_id", call.id.text()}, {"status", told}});
  }
}

Task<absl::StatusOr<Call>> LiveCalls::End(const TenantId& tenant, const CallId& id) {
  absl::StatusOr<Call> call = co_await Get(tenant, id);
  if (!call.ok() || call->state == CallState::kEnded) co_return call;
  absl::StatusOr<std::vector<MediaInstance>> fleet = co_await fleet_.List();
  if (!fleet.ok()) co_return fleet.status();
  const std::optional<MediaInstance> instance = Named(*fleet, call->media_instance);
  if (!instance.has_value()) co_return call;  // Lost: Settlement ends it.
  const std::string reason(reasons::kEndedByTenant);
  absl::Status ended = co_await media_.End(*instance, *call, reason);
  // It does not run there any more: it has just ended, or Settlement ends it.
  if (!ended.ok() && !absl::IsNotFound(ended)) co_return ended;
  co_return co_await Get(tenant, id);
}

Task<absl::StatusOr<Call>> LiveCalls::Get(const TenantId& tenant, const CallId& id) {
  absl::StatusOr<Call> call = co_await store_.Find(id);
  if (call.ok() && call->tenant != tenant) co_return NoSuchCall();
  co_return call;
}

Task<absl::StatusOr<CallPage>> LiveCalls::List(const TenantId& tenant,
                                               std::optional<CallCursor> after, int limit) {
  // One more than asked for tells whether there is a next page.
  absl::StatusOr<std::vector<Call>> calls =
      co_await store_.List(tenant, std::move(after), limit + 1);
  if (!calls.ok()) co_return calls.status();
  CallPage page;
  page.calls = *std::move(calls);
  if (page.calls.size() > static_cast<size_t>(limit)) {
    page.calls.resize(static_cast<size_t>(limit));
    page.next = CallCursor{page.calls.back().create_time, page.calls.back().id.text()};
  }
  co_return page;
}

}  // namespace latchkey::dialer
