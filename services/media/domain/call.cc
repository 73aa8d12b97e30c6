#include "services/media/domain/call.h"

#include <algorithm>
#include <utility>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "services/media/domain/lines.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

using State = CarrierCall::State;

constexpr absl::Duration kTick = absl::Milliseconds(50);
// At a limit nothing was placed, and it passes: Twilio's calls per second (20429).
constexpr int kPlaceAttempts = 3;
constexpr absl::Duration kPlaceWait = absl::Seconds(1);
// A call that is just being made need not be in the carrier's list yet.
constexpr int kLookUps = 3;
constexpr absl::Duration kLookUpWait = absl::Seconds(1);
// Twilio adds about 5 s to its own limit of ringing; then its verdict must have come.
constexpr absl::Duration kRingGrace = absl::Seconds(15);
// From the answer to the stream: one TLS connection of the carrier.
constexpr absl::Duration kStreamWait = absl::Seconds(6);
// The carrier's count of seconds appears a second or two after the end.
constexpr int kDurationAttempts = 20;
constexpr absl::Duration kDurationWait = absl::Milliseconds(150);
// The record does not wait for a carrier that does not answer.
constexpr absl::Duration kDurationMax = absl::Seconds(12);
constexpr int kHangUpAttempts = 3;
constexpr absl::Duration kHangUpWait = absl::Milliseconds(500);
constexpr absl::Duration kHangUpMax = absl::Seconds(2);
// An apology in the carrier's voice is over by then.
constexpr int kSayAttempts = 20;
constexpr absl::Duration kSayWait = absl::Milliseconds(500);
// dialer may be restarting; it finds the call lost, and settles it, after that.
constexpr int kCompleteAttempts = 8;

Disposition DispositionOf(State state) {
  switch (state) {
    case State::kBusy:
      return Disposition::kBusy;
    case State::kNoAnswer:
      return Disposition::kNoAnswer;
    case State::kCanceled:
      return Disposition::kCanceled;
    case State::kCompleted:
      return Disposition::kCompleted;
    default:
      return Disposition::kFailed;
  }
}

}  // namespace

Call::Call(CallSpec spec, Ticket ticket, const Ports& ports)
    : spec_(std::move(spec)), ticket_(std::move(ticket)), ports_(ports) {
  outcome_.carrier_call_id = spec_.carrier_call_id;
}

// Inbound, the person on the line is the caller.
std::string_view Call::ReasonFor(std::string_view reason) const {
  if (spec_.direction == Direction::kOutbound) return reason;
  if (reason == reasons::kCalleeHungUp) return reasons::kCallerHungUp;
  if (reason == reasons::kCalleeSilent) return reasons::kCallerSilent;
  return reason;
}

void Call::End(std::string_view reason) {
  if (end_reason_.empty()) end_reason_ = reason;
}

void Call::LoseKeys(std::string_view reason) {
  if (!keys_lost_.empty()) return;
  keys_lost_ = reason;
  if (reason == reasons::kKeyRevoked && parts_ != nullptr) parts_->WipeKeys();
}

void Call::OnCarrierState(State state) {
  // Callbacks come in any order; nothing follows an end.
  if (carrier_state_.has_value() && *carrier_state_ >= state) return;
  carrier_state_ = state;
}

Task<void> Call::Run() {
  absl::StatusOr<std::unique_ptr<CallParts>> parts = co_await ports_.stage.Open(spec_, ticket_);
  if (parts.ok()) {
    parts_ = *std::move(parts);
    co_await RunWithParts();
  } else {
    GiveUp(Disposition::kFailed, reasons::kKeysRefused, Message(parts.status()));
    outcome_.end_time = ports_.clock.Now();
  }
  co_await Complete();
  if (parts_ != nullptr) co_await parts_->Close();
}

Task<void> Call::RunWithParts() {
  conversation_ = parts_->MakeConversation(spec_, ports_.log, ports_.clock);
  parts_->Listen(*conversation_);
  conversation_->Prepare();
  const bool begun = co_await Begin();
  if (begun) co_await Watch();
  outcome_.end_time = ports_.clock.Now();
  co_await EndWithCarrier();
  if (!conversation_->ending().has_value()) conversation_->End("", "");
  std::optional<RecordingEvent> recording = co_await parts_->FinishRecording();
  if (recording.has_value()) ports_.log.Append(ports_.clock.Now(), *std::move(recording));
}

Task<bool> Call::Begin() {
  if (spec_.direction == Direction::kInbound) {
    // The carrier has its instructions, and opens the stream at any moment.
    answered_at_ = ports_.clock.Now();
    co_await Report("ringing");
    co_return true;
  }
  co_await Report("placing");
  co_return co_await Place();
}

Task<absl::StatusOr<std::string>> Call::PlaceOnce() {
  for (int i = 1;; ++i) {
    absl::StatusOr<std::string> placed = co_await parts_->carrier().Place(spec_);
    const bool again = absl::IsResourceExhausted(placed.status()) && end_reason_.empty();
    if (!again || i == kPlaceAttempts) co_return placed;
    co_await ports_.clock.Sleep(kPlaceWait * i);
  }
}

// "": it is not there.
Task<std::string> Call::LookUp(absl::Time placed_after) {
  for (int i = 1; i <= kLookUps; ++i) {
    absl::StatusOr<std::string> found =
        co_await parts_->carrier().FindPlaced(spec_.from, spec_.to, placed_after);
    if (found.ok() && !found->empty()) co_return *std::move(found);
    if (i < kLookUps) co_await ports_.clock.Sleep(kLookUpWait);
  }
  co_return std::string();
}

Task<bool> Call::Place() {
  const absl::Time before = ports_.clock.Now();
  absl::StatusOr<std::string> placed = co_await PlaceOnce();
  if (placed.ok()) {
    outcome_.carrier_call_id = *placed;
  } else if (absl::IsUnavailable(placed.status()) || absl::IsDeadlineExceeded(placed.status())) {
    // Nobody knows whether the phone rings. A second POST would be a second call, so it is looked
    // up.
    outcome_.carrier_call_id = co_await LookUp(before);
  }
  if (!outcome_.carrier_call_id.empty()) {
    placed_at_ = ports_.clock.Now();
    reported_.clear();
    co_await Report("placing");
    co_return true;
  }
  const bool refused =
      absl::IsFailedPrecondition(placed.status()) || absl::IsResourceExhausted(placed.status());
  GiveUp(Disposition::kFailed,
         refused ? Reason(placed.status()) : std::string(reasons::kCarrierUnreachable),
         Message(placed.status()));
  co_return false;
}

// Reports each state once; a call that dialer has ended meanwhile is ended here too.
Task<void> Call::Report(std::string state) {
  if (state == reported_) co_return;
  const absl::Time now = ports_.clock.Now();
  const bool repeated = state == "placing" && !outcome_.carrier_call_id.empty();
  reported_ = state;
  if (!repeated) ports_.log.Append(now, StateEvent{.state = state});
  absl::StatusOr<bool> ended =
      co_await ports_.reports.Progress(spec_.call_id, state, outcome_.carrier_call_id, now);
  if (ended.ok() && *ended) End("ended_by_tenant");
}

bool Call::StreamOverdue(absl::Time now) const {
  return outcome_.answer_time == absl::InfinitePast() && now - answered_at_ > kStreamWait;
}

Task<void> Call::AskState() {
  absl::StatusOr<CarrierCall> call = co_await parts_->carrier().Fetch(outcome_.carrier_call_id);
  if (call.ok()) OnCarrierState(call->state);
}

Task<void> Call::Watch() {
  while (true) {
    absl::Time now = ports_.clock.Now();
    if (spec_.direction == Direction::kInbound && StreamOverdue(now)) {
      co_await AskState();
      now = ports_.clock.Now();
    }
    WatchOnce(now);
    if (over_) break;
    if (outcome_.answer_time != absl::InfinitePast()) {
      co_await Report("answered");
    } else if (carrier_state_ == State::kRinging) {
      co_await Report("ringing");
    }
    co_await ports_.clock.Sleep(kTick);
  }
}

void Call::WatchOnce(absl::Time now) {
  conversation_->Tick();
  outcome_.answer_time = conversation_->begin_time();
  if (const std::optional<Ending>& ending = conversation_->ending()) {
    hang_up_ = ending->on_our_side;
    say_ = ending->say;
    transfer_ = ending->transfer;
    return GiveUp(Disposition::kCompleted, ReasonFor(ending->reason), ending->message);
  }
  const bool answered = outcome_.answer_time != absl::InfinitePast();
  if (carrier_state_ == State::kInProgress && answered_at_ == absl::InfiniteFuture()) {
    answered_at_ = now;
  }
  if (carrier_state_.has_value() && *carrier_state_ >= State::kCompleted) {
    if (answered) return conversation_->OnStreamEnd(true);
    if (spec_.direction == Direction::kInbound) {
      return GiveUp(Disposition::kCanceled, reasons::kCallerHungUp, "");
    }
    // Answered and over before the stream stood: the carrier knows how long it was.
    return GiveUp(DispositionOf(*carrier_state_), "", "");
  }
  if (!keys_lost_.empty()) conversation_->Farewell(keys_lost_, lines::kGoodbye);
  if (!end_reason_.empty()) {
    hang_up_ = true;
    if (answered) return conversation_->End(end_reason_, "");
    return GiveUp(Disposition::kCanceled, end_reason_, "");
  }
  if (answered) return;
  if (StreamOverdue(now)) {
    hang_up_ = true;
    say_ = lines::kApology;
    return GiveUp(Disposition::kFailed, reasons::kStreamMissing,
                  "The carrier did not open the media stream; check that --public-url reaches us.");
  }
  if (now - placed_at_ > spec_.ring_duration_max + kRingGrace) {
    hang_up_ = true;
    GiveUp(Disposition::kNoAnswer, "", "");
  }
}

void Call::GiveUp(Disposition disposition, std::string_view reason, std::string_view message) {
  over_ = true;
  outcome_.disposition = disposition;
  outcome_.reason = reason;
  outcome_.message = message;
}

Task<void> Call::EndWithCarrier() {
  if (outcome_.carrier_call_id.empty()) co_return;
  if (transfer_.has_value()) co_await Transfer();
  if (!say_.empty()) {
    said_at_ = ports_.clock.Now();
    absl::Status said = co_await parts_->carrier().SayAndHangUp(outcome_.carrier_call_id, say_);
    for (int i = 0; said.ok() && i < kSayAttempts; ++i) {
      if (carrier_state_ == State::kCompleted) break;
      co_await ports_.clock.Sleep(kSayWait);
    }
    if (said.ok()) LogSaid(say_);
    outcome_.end_time = ports_.clock.Now();
  }
  if (hang_up_ && carrier_state_ != State::kCompleted) co_await HangUp();
  co_await AskDuration();
}

Task<void> Call::HangUp() {
  const std::string& id = outcome_.carrier_call_id;
  absl::Status ended = co_await WithDeadline(parts_->carrier().HangUp(id), kHangUpMax);
  for (int i = 1; !ended.ok() && i < kHangUpAttempts; ++i) {
    // The callee must not be kept, and charged for, in silence.
    parts_->leg().Close();
    co_await ports_.clock.Sleep(kHangUpWait * i);
    ended = co_await WithDeadline(parts_->carrier().HangUp(id), kHangUpMax);
  }
  // The carrier's own time limit ends a call that could not be hung up.
  if (!ended.ok() && outcome_.message.empty()) outcome_.message = Message(ended);
}

// The callee heard it, though not from us.
void Call::LogSaid(const std::string& text) {
  const absl::Time now = ports_.clock.Now();
  const bool streamed = outcome_.answer_time != absl::InfinitePast();
  const absl::Time answered = streamed ? outcome_.answer_time : answered_at_;
  ports_.log.Append(
      now,
      UtteranceEvent{
          .by_agent = true, .text = text, .start = said_at_ - answered, .end = now - answered});
}

// The carrier's own count is what it charges for, so that is what the record should say.
Task<void> Call::AskDuration() {
  const absl::Time until = ports_.clock.Now() + kDurationMax;
  for (int i = 0; i < kDurationAttempts && ports_.clock.Now() < until; ++i) {
    absl::StatusOr<CarrierCall> call = co_await parts_->carrier().Fetch(outcome_.carrier_call_id);
    if (call.ok() && call->over() && call->duration >= absl::ZeroDuration()) {
      outcome_.carrier_duration = call->duration;
      break;
    }
    co_await ports_.clock.Sleep(kDurationWait);
  }
}

Task<void> Call::Complete() {
  ports_.log.Append(outcome_.end_time,
                    StateEvent{.state = "ended",
                               .disposition = DispositionText(outcome_.disposition),
                               .reason = outcome_.reason});
  absl::Duration pause = absl::Milliseconds(200);
  for (int i = 0; i < kCompleteAttempts; ++i) {
    absl::Status completed = co_await ports_.reports.Complete(spec_.call_id, outcome_);
    if (completed.ok() || absl::IsNotFound(completed) || absl::IsPermissionDenied(completed)) break;
    co_await ports_.clock.Sleep(pause);
    pause *= 2;
  }
}

}  // namespace latchkey::media
