#include "sandbox/carrier/exotel/call_runner.h"

#include <utility>

#include "lib/base/log.h"
#include "sandbox/carrier/exotel/conversation.h"

namespace latchkey::sandbox::exotel {

CallRunner::CallRunner(CallSurroundings surroundings)
    : surroundings_(std::move(surroundings)),
      client_(surroundings_.executor, surroundings_.client_tls),
      group_(surroundings_.executor),
      callbacks_(surroundings_, client_, group_) {}

void CallRunner::Start(std::shared_ptr<ExotelCall> call) {
  group_.Spawn("exotel call", Run(std::move(call)));
}

Task<void> CallRunner::Stop() {
  group_.Cancel();
  co_await group_.Join();
}

Task<void> CallRunner::Run(std::shared_ptr<ExotelCall> call) {
  const RingOutcome outcome = co_await RingAndTalk(call);
  call->sip_code = outcome.sip_code;
  call->Become(outcome.status, surroundings_.clock.Now());
  callbacks_.Tell(*call, "terminal");
  log::Info("exotel call ended", {{"call_sid", call->sid},
                                  {"status", Text(call->status)},
                                  {"billed_s", call->BilledSeconds()}});
}

// How it ended.
Task<RingOutcome> CallRunner::RingAndTalk(std::shared_ptr<ExotelCall> call) {
  const Callee callee = surroundings_.stage.scenario()->CalleeAt(call->person());
  co_await surroundings_.clock.Sleep(kSetUp);
  call->Become(CallStatus::kRinging, surroundings_.clock.Now());
  callbacks_.Tell(*call, "ringing");
  const RingOutcome outcome = co_await Ring(surroundings_, call, callee, call->order.ring_max);
  if (outcome.status != CallStatus::kInProgress) co_return outcome;
  call->phone = co_await PickUp(surroundings_, callee);
  call->Become(CallStatus::kInProgress, surroundings_.clock.Now());
  callbacks_.Tell(*call, "answered");
  Conversation conversation(surroundings_, client_, *call, group_);
  co_await conversation.Run();
  co_return RingOutcome{CallStatus::kCompleted, 200};
}

}  // namespace latchkey::sandbox::exotel
