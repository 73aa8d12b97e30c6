#include "services/media/domain/realtime_conversation.h"

#include <algorithm>
#include <utility>

#include "lib/base/error.h"
#include "services/media/domain/lines.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

constexpr absl::Duration kSilenceWait = absl::Seconds(10);
constexpr int kRepromptsMax = 2;
// A goodbye that is not over by then is cut off.
constexpr absl::Duration kEndingMax = absl::Seconds(15);
// The words of a callee who has hung up are written down by then, or never.
constexpr absl::Duration kLastWordsWait = absl::Milliseconds(1'500);

}  // namespace

RealtimeConversation::RealtimeConversation(const CallSpec& spec, const Ports& ports)
    : spec_(spec),
      ports_(ports),
      line_(ports.leg, ports.clock, ports.recorder),
      ears_(ports.model),
      session_(ports.model, ports.clock),
      transcript_(spec.direction, ports.log, ports.clock),
      desk_(ports.tools, spec_.agent, *this) {}

void RealtimeConversation::Prepare() {
  desk_.Start();
  session_.Open(*this);
}

void RealtimeConversation::OnStreamStart() {
  if (phase_ != Phase::kPreparing) return;
  const absl::Time now = ports_.clock.Now();
  line_.Open();
  time_is_up_ = now + spec_.agent.call_duration_max;
  phase_ = Phase::kTalking;
  quiet_since_ = now;
  if (!lost_.ok()) return Apologise(lost_);
  if (!spec_.agent.first_message.empty()) Want(lines::Dictate(spec_.agent.first_message));
}

void RealtimeConversation::Tick() { Advance(ports_.clock.Now()); }

void RealtimeConversation::Advance(absl::Time now) {
  if (phase_ == Phase::kEnded) return;
  if (session_.Tick(now, Quiet())) {
    again_ = unanswered_ && !written_;
    ears_.Restart(again_);
  }
  CheckStream();
  if (phase_ == Phase::kPreparing || phase_ == Phase::kEnded) return;
  ears_.OnTick(line_.Now());
  transcript_.Tick(now);
  desk_.Tick(now);
  if (now >= answer_deadline_) OnTooSlow();
  if (voice_.finished()) FinishUtterance(false);
  CheckEnding(now);
  if (phase_ == Phase::kEnded) return;
  if (std::optional<std::string> keys = keypad_.Take(now)) OnKeys(*keys);
  GoOnWithTools(now);
  Ask(now);
  CheckSilence(now);
  if (now >= time_is_up_) Farewell(reasons::kDurationMax, lines::kTimeIsUp);
}

void RealtimeConversation::CheckStream() {
  if (!line_.dead()) return;
  if (phase_ == Phase::kEnding) return Finish(next_);
  Finish({.reason = std::string(reasons::kStreamLost),
          .message = "The carrier's media stream fell silent.",
          .say = std::string(lines::kApology),
          .on_our_side = true});
}

bool RealtimeConversation::Quiet() const {
  return phase_ != Phase::kEnding && !speaking_ && !unanswered_ && !wanted_.has_value() &&
         !asked_.has_value() && !voice_.responding() && !voice_.speaking() && !desk_.has_round() &&
         !keypad_.waiting();
}

void RealtimeConversation::CheckSilence(absl::Time now) {
  if (phase_ != Phase::kTalking || !session_.ready()) return;
  if (now - std::max(quiet_since_, ears_.last_voice()) < kSilenceWait) return;
  if (std::exchange(speaking_, false)) return OnTooSlow();  // The model has not noticed.
  if (!Quiet()) return;
  if (reprompts_++ >= kRepromptsMax) {
    return Farewell(reasons::kCalleeSilent, lines::kSilenceGoodbye);
  }
  Want(lines::Dictate(lines::kAreYouThere));
}

// What the agent says last is heard to its end, and what the callee said last is written down.
bool RealtimeConversation::MayEnd() const {
  return last_words_.empty() && !voice_.speaking() && !desk_.busy() &&
         (next_.on_our_side || !transcript_.waiting());
}

void RealtimeConversation::CheckEnding(absl::Time now) {
  if (phase_ == Phase::kEnding && (MayEnd() || now >= hard_stop_)) Finish(next_);
}

void RealtimeConversation::OnAudio(int64_t start, Audio audio) {
  if (phase_ == Phase::kPreparing || phase_ == Phase::kEnded) return;
  const absl::Time now = ports_.clock.Now();
  line_.OnAudio(start, audio);
  ears_.OnAudio(start, audio, now);
  Advance(now);
}

void RealtimeConversation::OnMark(int64_t mark) {
  if (phase_ == Phase::kPreparing || phase_ == Phase::kEnded) return;
  line_.OnMark(mark);
  Advance(ports_.clock.Now());
}

void RealtimeConversation::OnStreamEnd(bool hung_up) {
  if (phase_ == Phase::kEnded) return;
  if (phase_ == Phase::kEnding) return Finish(next_);
  if (!hung_up) {
    return Finish({.reason = std::string(reasons::kStreamLost),
                   .message = "The carrier's media stream broke.",
                   .on_our_side = true});
  }
  next_ = {.reason = std::string(reasons::kCalleeHungUp)};
  if (!transcript_.waiting() || !session_.ready()) return Finish(next_);
  BargeIn();
  wanted_.reset();
  phase_ = Phase::kEnding;
  hard_stop_ = ports_.clock.Now() + kLastWordsWait;
}

void RealtimeConversation::BargeIn() {
  if (voice_.finished()) FinishUtterance(false);
  const bool was_speaking = voice_.speaking();
  const std::vector<ModelVoice::Cut> cuts = voice_.Hush();
  if (session_.ready()) {
    for (const ModelVoice::Cut& cut : cuts) ports_.model.Truncate(cut.item, cut.heard);
  }
  tones_.clear();
  sounding_tones_ = false;
  desk_.SetDigitsSent(false);
  if (was_speaking) FinishUtterance(!cuts.empty());
  LogLatency(latency_.GiveUp());
  quiet_since_ = ports_.clock.Now();
}

void RealtimeConversation::FinishUtterance(bool interrupted) {
  ModelVoice::Heard heard = voice_.Finish();
  transcript_.AddAgent({.by_agent = true,
                        .text = std::move(heard.text),
                        .start = ToDuration(heard.start),
                        .end = ToDuration(heard.end),
                        .interrupted = interrupted});
  if (std::exchange(sounding_tones_, false)) desk_.SetDigitsSent(true);
  quiet_since_ = ports_.clock.Now();
}

void RealtimeConversation::LogLatency(const std::optional<LatencyEvent>& latency) {
  if (latency.has_value()) ports_.log.Append(ports_.clock.Now(), *latency);
}

void RealtimeConversation::OnLost(const absl::Status& why) {
  if (!lost_.ok()) return;
  lost_ = why;
  ports_.log.Append(
      ports_.clock.Now(),
      TroubleEvent{.party = Party::kRealtimeModel, .reason = Reason(why), .message = Message(why)});
  // While it rings the callee knows nothing of it yet: they are told when they answer.
  if (phase_ != Phase::kPreparing) Apologise(why);
}

void RealtimeConversation::Apologise(const absl::Status& why) {
  BargeIn();
  Finish({.reason = Reason(why),
          .message = Message(why),
          .say = std::string(lines::kApology),
          .on_our_side = true});
}

void RealtimeConversation::Farewell(std::string_view reason, std::string_view line) {
  if (phase_ == Phase::kEnding || phase_ == Phase::kEnded) return;
  if (phase_ == Phase::kPreparing) return End(reason, "");
  const bool responding = voice_.responding();
  BargeIn();
  phase_ = Phase::kEnding;
  next_ = {.reason = std::string(reason), .on_our_side = true};
  hard_stop_ = ports_.clock.Now() + kEndingMax;
  if (!session_.ready()) {
    next_.say = line;
    return Finish(next_);
  }
  if (responding) ports_.model.CancelResponse();
  last_words_ = line;
  Want(lines::Dictate(line));
}

void RealtimeConversation::End(std::string_view reason, std::string_view message) {
  Finish({.reason = std::string(reason), .message = std::string(message), .on_our_side = true});
}

void RealtimeConversation::Finish(Ending ending) {
  if (phase_ == Phase::kEnded) return;
  if (voice_.speaking()) FinishUtterance(!voice_.finished());
  transcript_.GiveUp();
  LogLatency(latency_.GiveUp());
  phase_ = Phase::kEnded;
  ending_ = std::move(ending);
  ports_.model.Stop();
  desk_.Stop();
}

}  // namespace latchkey::media
