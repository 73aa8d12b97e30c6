#include "services/media/domain/call.h"

#include <utility>

#include "lib/base/error.h"
#include "services/media/domain/lines.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

using State = CarrierCall::State;

constexpr absl::Duration kTick = absl::Milliseconds(50);
// Twilio adds about 5 s to its own limit of ringing; then its verdict must have come.
constexpr absl::Duration kRingGrace = absl::Seconds(15);
// From the answer to the stream: one TLS connection of the carrier.
constexpr absl::Duration kStreamWait = absl::Seconds(10);
// The carrier's count of seconds appears shortly after the end.
constexpr int kDurationAttempts = 4;
constexpr absl::Duration kDurationWait = absl::Milliseconds(150);
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
    : spec_(std::move(spec)), ticket_(std::move(ticket)), ports_(ports) {}

void Call::End(std::string_view reason) {
  if (end_reason_.empty()) end_reason_ = reason;
}

void Call::LoseKeys() { keys_lost_ = true; }

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
  conversation_.emplace(spec_, Conversation::Ports{.stt = parts_->stt(),
                                                   .llm = parts_->llm(),
                                                   .tts = parts_->tts(),
                                                   .leg = parts_->leg(),
                                                   .log = ports_.log,
                                                   .clock = ports_.clock,
                                                   .recorder = parts_->recorder()});
  parts_->Listen(*conversation_);
  conversation_->Prepare();
  co_await Report("placing");
  const bool placed = co_await Place();
  if (placed) co_await Watch();
  outcome_.end_time = ports_.clock.Now();
  co_await EndWithCarrier();
  if (!conversation_->ending().has_value()) conversation_->End("", "");
  std::optional<RecordingEvent> recording = co_await parts_->FinishRecording();
  if (recording.has_value()) ports_.log.Append(ports_.clock.Now(), *std::move(recording));
}

Task<bool> Call::Place() {
  const absl::Time before = ports_.clock.Now();
  absl::StatusOr<std::string> placed = co_await parts_->carrier().Place(spec_);
  if (placed.ok()) {
    outcome_.carrier_call_id = *std::move(placed);
  } else if (absl::IsUnavailable(placed.status()) || absl::IsDeadlineExceeded(placed.status())) {
    // Nobody knows whether the phone rings. A second POST would be a second call, so it is looked
    // up.
    absl::StatusOr<std::string> found =
        co_await parts_->carrier().FindPlaced(spec_.from, spec_.to, before);
    if (found.ok()) outcome_.carrier_call_id = *std::move(found);
  }
  if (!outcome_.carrier_call_id.empty()) {
    placed_at_ = ports_.clock.Now();
    reported_.clear();
    co_await Report("placing");
    co_return true;
  }
  const bool refused = absl::IsFailedPrecondition(placed.status());
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

Task<void> Call::Watch() {
  while (true) {
    const absl::Time now = ports_.clock.Now();
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
    return GiveUp(Disposition::kCompleted, ending->reason, ending->message);
  }
  const bool answered = outcome_.answer_time != absl::InfinitePast();
  if (carrier_state_ == State::kInProgress && answered_at_ == absl::InfiniteFuture()) {
    answered_at_ = now;
  }
  if (carrier_state_.has_value() && *carrier_state_ >= State::kCompleted) {
    if (answered) return conversation_->OnStreamEnd(true);
    // Answered and over before the stream stood: the carrier knows how long it was.
    return GiveUp(DispositionOf(*carrier_state_), "", "");
  }
  if (keys_lost_) conversation_->Farewell(reasons::kKeysExpired, lines::kGoodbye);
  if (!end_reason_.empty()) {
    hang_up_ = true;
    if (answered) return conversation_->End(end_reason_, "");
    return GiveUp(Disposition::kCanceled, end_reason_, "");
  }
  if (answered) return;
  if (now - answered_at_ > kStreamWait) {
    hang_up_ = true;
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
  const std::optional<Ending> ending = conversation_->ending();
  if (ending.has_value() && !ending->say.empty()) {
    absl::Status said =
        co_await parts_->carrier().SayAndHangUp(outcome_.carrier_call_id, ending->say);
    for (int i = 0; said.ok() && i < kSayAttempts; ++i) {
      if (carrier_state_ == State::kCompleted) break;
      co_await ports_.clock.Sleep(kSayWait);
    }
    if (said.ok()) LogSaid(ending->say);
    outcome_.end_time = ports_.clock.Now();
  }
  if (hang_up_ && carrier_state_ != State::kCompleted) {
    absl::Status ended = co_await parts_->carrier().HangUp(outcome_.carrier_call_id);
    // The carrier's own time limit ends a call that could not be hung up.
    if (!ended.ok() && outcome_.message.empty()) outcome_.message = Message(ended);
  }
  co_await AskDuration();
}

// The callee heard it, though not from us.
void Call::LogSaid(const std::string& text) {
  const absl::Time now = ports_.clock.Now();
  const absl::Duration at = outcome_.end_time - outcome_.answer_time;
  ports_.log.Append(
      now, UtteranceEvent{
               .by_agent = true, .text = text, .start = at, .end = now - outcome_.answer_time});
}

// The carrier's own count is what it charges for, so that is what the record should say.
Task<void> Call::AskDuration() {
  for (int i = 0; i < kDurationAttempts; ++i) {
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
