#include "services/dialer/domain/admit_inbound.h"

#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {
namespace {

absl::Status Forged() {
  return Error(absl::StatusCode::kPermissionDenied, reasons::kCarrierSignatureInvalid,
               "The carrier did not sign this.");
}

// A verdict about the call, not trouble on the way to one.
bool IsRefusal(const absl::Status& status) {
  return (absl::IsFailedPrecondition(status) || absl::IsResourceExhausted(status)) &&
         !Reason(status).empty();
}

InboundAnswer Refused(const std::string& call_id, std::string_view reason) {
  InboundAnswer answer;
  answer.call_id = call_id;
  answer.refusal = reason;
  return answer;
}

InboundAnswer RunsElsewhere(const Call& call, std::string stream_url) {
  InboundAnswer answer;
  answer.call_id = call.id.text();
  answer.stream_url = std::move(stream_url);
  return answer;
}

// What was told when the call was refused; or it was taken and is over.
InboundAnswer AnswerOfEnded(const Call& call) {
  const bool refused = call.media_instance.empty() || call.reason == reasons::kFleetFull;
  return Refused(call.id.text(), refused ? std::string_view(call.reason) : reasons::kCallOver);
}

}  // namespace

Task<absl::StatusOr<InboundAnswer>> AdmitInbound::Admit(const InboundAsk& ask) {
  absl::StatusOr<InboundWebhook> webhook = ParseTwilioWebhook(ask.webhook.parameters);
  if (!webhook.ok()) co_return webhook.status();
  absl::StatusOr<Line> line = co_await ports_.directory.FindCalled(webhook->called);
  if (absl::IsNotFound(line.status())) {
    log::Warn("inbound call refused", {{"reason", reasons::kNumberNotFound}});
    co_return Refused("", reasons::kNumberNotFound);
  }
  if (!line.ok()) co_return line.status();
  if (ask.carrier != line->number.carrier) co_return Forged();
  const KeyScope scope = CarrierScope(*line);
  absl::StatusOr<bool> genuine = co_await ports_.verifier.Verify(scope, ask.carrier, ask.webhook);
  if (!genuine.ok()) co_return genuine.status();
  if (!*genuine) co_return Forged();
  co_return co_await AdmitGenuine(ask, *webhook, *line);
}

Task<absl::StatusOr<InboundAnswer>> AdmitInbound::AdmitGenuine(const InboundAsk& ask,
                                                               const InboundWebhook& webhook,
                                                               const Line& line) {
  absl::StatusOr<Call> known =
      co_await ports_.store.FindInbound(ask.carrier, webhook.carrier_call_id);
  if (known.ok()) co_return co_await Again(ask, *std::move(known), line);
  if (!absl::IsNotFound(known.status())) co_return known.status();
  absl::StatusOr<InboundAnswer> first = co_await First(ask, webhook, line);
  if (Reason(first.status()) != reasons::kRequestIdReused) co_return first;
  // The same webhook at the same time: the other one was first.
  known = co_await ports_.store.FindInbound(ask.carrier, webhook.carrier_call_id);
  if (!known.ok()) co_return known.status();
  co_return co_await Again(ask, *std::move(known), line);
}

Task<absl::StatusOr<InboundAnswer>> AdmitInbound::First(const InboundAsk& ask,
                                                        const InboundWebhook& webhook,
                                                        const Line& line) {
  Call call = CallOn(line);
  call.id = CallId::Make(ports_.random);
  call.direction = Direction::kInbound;
  call.request_id = "inbound " + webhook.carrier_call_id;
  call.carrier_call_id = webhook.carrier_call_id;
  call.from = webhook.from;
  call.to = line.number.e164;
  call.create_time = ports_.clock.Now();
  absl::StatusOr<Admitted> admitted = co_await ports_.admission.Admit(line);
  if (!admitted.ok()) co_return co_await Refuse(std::move(call), admitted.status());
  Fix(*admitted, call);

  absl::StatusOr<std::vector<MediaInstance>> fleet = co_await ports_.fleet.List();
  if (!fleet.ok()) co_return fleet.status();
  const Asker asker{ask.instance, ask.incarnation, ask.has_room};
  std::optional<MediaInstance> chosen = ChooseForInbound(*fleet, ports_.clock.Now(), asker);
  if (!chosen.has_value()) co_return co_await Refuse(std::move(call), FleetFull());
  GiveTo(*chosen, call);
  const Ceilings ceilings{line.tenant.rules.concurrent_calls_max, admitted->keys.llm_call_ceiling};
  absl::Status written = co_await ports_.store.Admit(call, ceilings);
  if (IsRefusal(written)) {
    GiveTo(MediaInstance(), call);
    co_return co_await Refuse(std::move(call), written);
  }
  if (!written.ok()) co_return written;
  co_return co_await Hand(ask, *fleet, *std::move(chosen), call, *admitted);
}

Task<absl::StatusOr<InboundAnswer>> AdmitInbound::Again(const InboundAsk& ask, Call call,
                                                        const Line& line) {
  if (call.state == CallState::kEnded) co_return AnswerOfEnded(call);
  absl::StatusOr<Admitted> admitted = co_await ports_.admission.Admit(line);
  if (!admitted.ok()) co_return admitted.status();
  const bool queued = call.state == CallState::kQueued;
  const bool asker_has_it =
      call.media_instance == ask.instance && call.media_incarnation == ask.incarnation;
  if (asker_has_it && (ask.has_room || !queued)) co_return RunHere(call, *admitted);

  absl::StatusOr<std::vector<MediaInstance>> fleet = co_await ports_.fleet.List();
  if (!fleet.ok()) co_return fleet.status();
  const std::optional<MediaInstance> owner = FindLive(*fleet, call, ports_.clock.Now());
  if (owner.has_value() && !asker_has_it) {
    absl::StatusOr<std::string> offered = co_await ports_.handover.Offer(*owner, call, *admitted);
    if (offered.ok()) co_return RunsElsewhere(call, *std::move(offered));
    if (!WasRefused(offered.status())) co_return StartUnknown();
  }
  // It was taken by an instance that is lost: Settlement ends it.
  if (!queued) co_return Refused(call.id.text(), reasons::kMediaLost);
  const std::string refused = call.media_instance;
  co_return co_await Move(ask, *fleet, refused, call, *admitted);
}

Task<absl::StatusOr<InboundAnswer>> AdmitInbound::Move(const InboundAsk& ask,
                                                       const std::vector<MediaInstance>& fleet,
                                                       const std::string& refused, Call& call,
                                                       const Admitted& admitted) {
  const Asker asker{ask.instance, ask.incarnation, ask.has_room};
  std::optional<MediaInstance> chosen =
      ChooseForInbound(fleet, ports_.clock.Now(), asker, {refused});
  if (!chosen.has_value()) co_return co_await CloseFull(call);
  absl::Status assigned = co_await ports_.store.Assign(call.id, *chosen);
  if (!assigned.ok()) co_return assigned;
  GiveTo(*chosen, call);
  co_return co_await Hand(ask, fleet, *std::move(chosen), call, admitted);
}

Task<absl::StatusOr<InboundAnswer>> AdmitInbound::Hand(const InboundAsk& ask,
                                                       const std::vector<MediaInstance>& fleet,
                                                       MediaInstance chosen, Call& call,
                                                       const Admitted& admitted) {
  if (chosen.name == ask.instance) co_return RunHere(call, admitted);
  std::set<std::string> full = {ask.instance};
  absl::StatusOr<std::string> given =
      co_await ports_.handover.Give(fleet, std::move(chosen), std::move(full), call, admitted);
  if (given.ok()) co_return RunsElsewhere(call, *std::move(given));
  if (!WasRefused(given.status())) co_return StartUnknown();
  co_return co_await CloseFull(call);
}

// The record of a call that was refused before anybody had it: there is nothing to settle or to
// bill.
Task<absl::StatusOr<InboundAnswer>> AdmitInbound::Refuse(Call call, absl::Status why) {
  if (!IsRefusal(why)) co_return why;
  Outcome outcome;
  outcome.disposition = Disposition::kFailed;
  outcome.reason = Reason(why);
  outcome.message = Message(why);
  outcome.end_time = ports_.clock.Now();
  Close(call, outcome);
  absl::Status written = co_await ports_.store.RecordRefused(call);
  if (!written.ok()) co_return written;
  log::Warn(
      "inbound call refused",
      {{"call_id", call.id.text()}, {"tenant_id", call.tenant.text()}, {"reason", call.reason}});
  co_return Refused(call.id.text(), call.reason);
}

Task<absl::StatusOr<InboundAnswer>> AdmitInbound::CloseFull(const Call& call) {
  const absl::Time now = ports_.clock.Now();
  const Transition close = [&](Call& record) {
    Outcome outcome;
    outcome.disposition = Disposition::kFailed;
    outcome.reason = reasons::kFleetFull;
    outcome.message = Message(FleetFull());
    outcome.end_time = now;
    Close(record, outcome);
    return absl::OkStatus();
  };
  absl::StatusOr<Call> closed = co_await ports_.store.Update(call.id, close);
  if (!closed.ok()) co_return closed.status();
  log::Warn(
      "inbound call refused",
      {{"call_id", call.id.text()}, {"tenant_id", call.tenant.text()}, {"reason", closed->reason}});
  co_return Refused(call.id.text(), closed->reason);
}

InboundAnswer AdmitInbound::RunHere(const Call& call, const Admitted& admitted) {
  InboundAnswer answer;
  answer.call_id = call.id.text();
  answer.run =
      InboundRun{call, admitted.line.number.agent, ports_.handover.TicketFor(call, admitted)};
  return answer;
}

}  // namespace latchkey::dialer
