#include "sandbox/carrier/twilio/call_runner.h"

#include <utility>

#include "lib/base/log.h"
#include "sandbox/carrier/twilio/conversation.h"

namespace latchkey::sandbox::twilio {
namespace {

// A <Reject> counts as the first verb only: anything before it answers the call.
bool Rejects(const absl::StatusOr<Document>& document) {
  return document.ok() && !document->empty() && document->front().kind == Verb::Kind::kReject;
}

}  // namespace

CallRunner::CallRunner(CallSurroundings surroundings)
    : surroundings_(std::move(surroundings)),
      client_(surroundings_.executor, surroundings_.client_tls),
      group_(surroundings_.executor),
      callbacks_(surroundings_, client_, group_) {}

void CallRunner::Start(std::shared_ptr<Call> call) { group_.Spawn("call", Run(std::move(call))); }

Task<void> CallRunner::Stop() {
  group_.Cancel();
  co_await group_.Join();
}

Task<void> CallRunner::Run(std::shared_ptr<Call> call) {
  const Callee callee = surroundings_.stage.scenario()->CalleeAt(call->person());
  if (call->inbound) {
    co_await RunInbound(call, callee);
  } else {
    co_await RunOutbound(call, callee);
  }
  log::Info("call ended", {{"call_sid", call->sid},
                           {"status", Text(call->status)},
                           {"billed_s", call->BilledSeconds()}});
}

Task<void> CallRunner::RunOutbound(std::shared_ptr<Call> call, Callee callee) {
  Become(*call, CallStatus::kInitiated);
  const bool wanted = co_await WaitWhileWanted(surroundings_.clock, call, kSetUp);
  if (!wanted) {
    Finish(*call, CallStatus::kCanceled, 487);
    co_return;
  }
  Become(*call, CallStatus::kRinging);
  const RingOutcome outcome = co_await Ring(surroundings_, call, callee, call->order.ring_max);
  if (outcome.status != CallStatus::kInProgress) {
    Finish(*call, outcome.status, outcome.sip_code);
    co_return;
  }
  call->phone = co_await PickUp(surroundings_, callee);
  Become(*call, CallStatus::kInProgress);
  TwimlSource source(surroundings_, client_, *call);
  absl::StatusOr<Document> first = co_await source.First();
  co_await Talk(call, callee, std::move(first));
}

Task<void> CallRunner::RunInbound(std::shared_ptr<Call> call, Callee callee) {
  Become(*call, CallStatus::kRinging);
  call->started = surroundings_.clock.Now();
  TwimlSource source(surroundings_, client_, *call);
  absl::StatusOr<Document> first = co_await source.First();
  if (Rejects(first)) {
    const bool busy = first->front().text == "busy";
    Finish(*call, busy ? CallStatus::kBusy : CallStatus::kNoAnswer, busy ? 486 : 603);
    co_return;
  }
  call->phone = co_await PickUp(surroundings_, callee);
  Become(*call, CallStatus::kInProgress);
  co_await Talk(call, callee, std::move(first));
}

Task<void> CallRunner::Talk(std::shared_ptr<Call> call, Callee callee,
                            absl::StatusOr<Document> first) {
  Conversation conversation(surroundings_, client_, *call, group_);
  co_await conversation.Run(std::move(first));
  Finish(*call, CallStatus::kCompleted, 200);
}

void CallRunner::Become(Call& call, CallStatus status) {
  call.Become(status, surroundings_.clock.Now());
  callbacks_.Tell(call);
}

void CallRunner::Finish(Call& call, CallStatus status, int sip_code) {
  call.sip_code = sip_code;
  Become(call, status);
}

}  // namespace latchkey::sandbox::twilio
