// What a conversation does on each event of its realtime model.
#include <algorithm>
#include <utility>

#include "lib/base/error.h"
#include "services/media/domain/lines.h"
#include "services/media/domain/realtime_conversation.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

// From a turn's end, or from response.create, to response.created.
constexpr absl::Duration kResponseWait = absl::Seconds(4);
// 8 s are advised; nobody holds the line for so long (the reports say 1 to 2.3 s).
constexpr absl::Duration kFirstAudioWait = absl::Seconds(5);
constexpr absl::Duration kNextAudioWait = absl::Seconds(5);
// A pause in the middle of a sentence that nobody takes for a breath.
constexpr absl::Duration kGapMax = absl::Seconds(2);

}  // namespace

void RealtimeConversation::OnSessionReady(absl::Time expire_time) {
  if (phase_ == Phase::kEnded) return;
  session_.OnReady(expire_time);
  if (std::exchange(knows_, true) && phase_ != Phase::kPreparing) Restore();
  Ask(ports_.clock.Now());
}

// The session before this one knew what was said; what it heard as sound it hears as text now.
void RealtimeConversation::Restore() {
  ports_.model.Recall(transcript_.history().messages());
  const bool broke_off = std::exchange(broke_off_, false);
  if (wanted_.has_value() || phase_ != Phase::kTalking) return;
  if (broke_off) return Want(lines::Dictate(lines::kSayAgain));
  if (again_) {
    answer_deadline_ = ports_.clock.Now() + kResponseWait;
  } else if (unanswered_) {
    Want("");
  }
}

void RealtimeConversation::Want(std::string instructions) {
  Want(Wanted{.instructions = std::move(instructions)});
}

void RealtimeConversation::WantWords() { Want(Wanted{.instructions = "", .in_words = true}); }

void RealtimeConversation::Want(Wanted wanted) {
  wanted_ = std::move(wanted);
  const absl::Time now = ports_.clock.Now();
  if (session_.ready()) answer_deadline_ = std::min(answer_deadline_, now + kResponseWait);
  Ask(now);
}

void RealtimeConversation::Ask(absl::Time now) {
  if (!wanted_.has_value() || !session_.ready() || voice_.responding() || now < ask_at_) return;
  asked_ = std::exchange(wanted_, std::nullopt);
  expected_ = true;
  answer_deadline_ = now + kResponseWait;
  if (asked_->in_words) {
    ports_.model.RespondInWords();
  } else {
    ports_.model.Respond(asked_->instructions);
  }
}

void RealtimeConversation::OnResponse(std::string_view response) {
  if (phase_ == Phase::kEnded) return;
  // While it ends, only what was asked for is heard.
  const bool unwanted = !std::exchange(expected_, false) && phase_ == Phase::kEnding;
  turn_waits_ = turn_waits_ && speaking_;
  voice_.Begin(response, unwanted);
  uses_.clear();
  answer_deadline_ = unwanted ? absl::InfiniteFuture() : ports_.clock.Now() + kFirstAudioWait;
}

void RealtimeConversation::OnAgentAudio(std::string_view response, std::string_view item,
                                        Audio audio) {
  if (phase_ == Phase::kPreparing || phase_ == Phase::kEnded || !voice_.live(response)) return;
  const absl::Time now = ports_.clock.Now();
  if (voice_.Play(item, audio)) OnFirstAudio(now);
  ExpectAudio(now);
}

void RealtimeConversation::ExpectAudio(absl::Time now) {
  answer_deadline_ = now + std::min(kNextAudioWait, voice_.left() + kGapMax);
}

void RealtimeConversation::OnFirstAudio(absl::Time now) {
  if (std::optional<TroubleEvent> over = session_.OnAnswer()) {
    ports_.log.Append(now, *std::move(over));
  }
  LogLatency(latency_.FirstFrame(now, ports_.clock.Now()));
  asked_.reset();
  last_words_.clear();
  unanswered_ = false;
  again_ = false;
  ears_.OnAnswered();
}

void RealtimeConversation::OnAgentWords(std::string_view response, std::string_view delta) {
  if (phase_ == Phase::kPreparing || phase_ == Phase::kEnded || !voice_.live(response)) return;
  latency_.FirstToken(ports_.clock.Now());
  voice_.AddWords(delta);
}

void RealtimeConversation::OnAgentItemDone(std::string_view response, std::string_view item) {
  if (voice_.live(response)) voice_.EndItem(item);
}

void RealtimeConversation::OnToolUse(std::string_view response, const ToolUse& use) {
  constexpr size_t kUsesMax = 16;
  if (!voice_.live(response) || uses_.size() == kUsesMax) return;
  uses_.push_back(use);
}

void RealtimeConversation::OnResponseDone(std::string_view response, const ResponseEnd& end) {
  if (phase_ == Phase::kEnded) return;
  LogUsage(end.usage);
  const bool live = voice_.live(response);
  const bool sounded = voice_.sounding();
  voice_.End(response);
  const absl::Time now = ports_.clock.Now();
  if (live) {
    answer_deadline_ = absl::InfiniteFuture();
    if (end.kind == ResponseEnd::Kind::kFailed) {
      OnFailed(end.failure);
    } else if (end.kind == ResponseEnd::Kind::kCompleted && !uses_.empty()) {
      RunTools(sounded);
    } else if (!sounded && end.kind != ResponseEnd::Kind::kCancelled && phase_ == Phase::kTalking) {
      Want(lines::Dictate(lines::kSayAgain));  // A reply of nothing would be silence.
    }
  }
  if (phase_ != Phase::kEnded) Ask(now);
}

void RealtimeConversation::OnFailed(const absl::Status& why) {
  if (!last_words_.empty()) {
    next_.say = std::exchange(last_words_, "");
    return Finish(next_);
  }
  if (phase_ == Phase::kEnding) return;
  const std::optional<absl::Duration> delay = session_.RetryAfter(why);
  if (!delay.has_value()) return OnLost(why);
  ask_at_ = ports_.clock.Now() + *delay;
  // Asking again would say what was said twice.
  const bool said = !asked_.has_value() && !unanswered_;
  wanted_ = asked_.value_or(Wanted{.instructions = said ? lines::Dictate(lines::kSayAgain) : ""});
}

void RealtimeConversation::OnTooSlow() {
  answer_deadline_ = absl::InfiniteFuture();
  if (!last_words_.empty()) {
    next_.say = std::exchange(last_words_, "");
    Finish(next_);
  } else if (std::exchange(again_, false)) {
    Want("");  // There was nothing in what it heard again.
  } else {
    session_.GiveUp();
  }
}

void RealtimeConversation::OnCalleeStarted(int64_t at) {
  if (phase_ != Phase::kTalking) return;
  turn_start_ = ears_.PositionOf(at);
  speaking_ = true;
  turn_waits_ = true;
  unanswered_ = true;
  written_ = false;
  again_ = false;
  wanted_.reset();
  asked_.reset();
  expected_ = false;
  answer_deadline_ = absl::InfiniteFuture();
  ears_.OnStarted();
  BargeIn();
}

void RealtimeConversation::OnCalleeStopped(int64_t at) {
  if (phase_ != Phase::kTalking) return;
  const absl::Time now = ports_.clock.Now();
  turn_end_ = ears_.PositionOf(at);
  speaking_ = false;
  quiet_since_ = now;
  answer_deadline_ = now + kResponseWait;
  const absl::Time heard = ears_.last_voice();
  latency_.Start(heard == absl::InfinitePast() ? now : heard, now);
}

void RealtimeConversation::OnCalleeItem(std::string_view item) {
  if (phase_ != Phase::kTalking) return;
  reprompts_ = 0;
  desk_.BeginTurn();
  transcript_.Expect(item, turn_start_, std::max(turn_start_, turn_end_));
}

void RealtimeConversation::OnCalleeWords(std::string_view item, std::string_view words) {
  if (phase_ == Phase::kEnded) return;
  transcript_.Resolve(item, words);
  written_ = !speaking_ && !words.empty();
}

void RealtimeConversation::LogUsage(const TokenUsage& usage) {
  if (usage == TokenUsage{}) return;
  ports_.log.Append(ports_.clock.Now(),
                    UsageEvent{.model = spec_.agent.realtime_model, .tokens = usage});
}

void RealtimeConversation::OnRealtimeDown(const absl::Status& why) {
  if (phase_ == Phase::kEnded) return;
  const absl::Status cause = session_.OnDown(why);
  round_lost_ = round_lost_ || desk_.has_round();
  broke_off_ = voice_.BreakOff() || broke_off_;
  speaking_ = false;
  turn_waits_ = false;
  expected_ = false;
  answer_deadline_ = absl::InfiniteFuture();
  if (!wanted_.has_value()) wanted_ = std::exchange(asked_, std::nullopt);
  transcript_.GiveUp();
  if (phase_ == Phase::kEnding) {
    // What the carrier has is heard to its end; what it has not, it says itself.
    next_.say = std::exchange(last_words_, "");
    if (!next_.say.empty()) Finish(next_);
  } else if (!session_.coming()) {
    OnLost(cause);
  }
}

}  // namespace latchkey::media
