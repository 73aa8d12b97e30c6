#include "services/media/domain/composed_conversation.h"

#include <algorithm>
#include <utility>

#include "lib/base/error.h"
#include "services/media/domain/dtmf.h"
#include "services/media/domain/lines.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

// LiveKit's figure: an interruption without words for this long was none (research on peers). It is
// waited for only until STT itself says that there was no word.
constexpr absl::Duration kNoiseWait = absl::Seconds(2);
// Who speaks for so long without words is a noise.
constexpr absl::Duration kHoldMax = absl::Seconds(3);
constexpr absl::Duration kSilenceWait = absl::Seconds(10);
constexpr int kRepromptsMax = 2;
// A goodbye that is not over by then is cut off.
constexpr absl::Duration kEndingMax = absl::Seconds(15);

}  // namespace

ComposedConversation::ComposedConversation(const CallSpec& spec, const Ports& ports)
    : spec_(spec),
      ports_(ports),
      line_(ports.leg, ports.clock, ports.recorder),
      speaker_(ports.tts, ports.clock, line_, *this),
      desk_(ports.tools, spec_.agent, *this),
      reply_(ports.llm, ports.clock, speaker_, spec_.agent, desk_.declarations(), *this),
      history_(spec_.direction) {}

void ComposedConversation::Prepare() {
  ports_.stt.Start(*this);
  reply_.Prepare();
  desk_.Start();
  speaker_.Prepare(spec_.agent.first_message, lines::kApology, lines::kOneMoment);
}

void ComposedConversation::OnStreamStart() {
  if (phase_ != Phase::kPreparing) return;
  const absl::Time now = ports_.clock.Now();
  line_.Open();
  time_is_up_ = now + spec_.agent.call_duration_max;
  phase_ = Phase::kListening;
  quiet_since_ = now;
  if (!lost_.ok()) return Apologise(lost_);
  if (speaker_.PlayGreeting()) phase_ = Phase::kReplying;
}

void ComposedConversation::Tick() { Advance(ports_.clock.Now()); }

void ComposedConversation::Advance(absl::Time now) {
  if (phase_ == Phase::kEnded) return;
  Retry(now);
  CheckStream();
  if (phase_ == Phase::kPreparing || phase_ == Phase::kEnded) return;
  if (std::optional<CalleeTurn> turn = ears_.OnTick(now)) OnTurn(*turn);
  if (std::optional<std::string> keys = keypad_.Take(now)) OnKeys(*keys, now);
  if (speaker_.started()) {
    LogLatency(latency_.FirstFrame(speaker_.first_byte(), speaker_.first_frame()));
  }
  const bool silent = !ears_.speaking() && !ears_.has_words();
  if (speaker_.held() && (silent || now - held_since_ > kHoldMax)) speaker_.Release();
  if (phase_ == Phase::kReplying && speaker_.finished()) FinishReply();
  const bool said_goodbye = speaker_.finished() && !desk_.busy();
  if (phase_ == Phase::kEnding && (said_goodbye || now >= hard_stop_)) Finish(next_);
  if (phase_ == Phase::kListening && !GoOnWithTools()) {
    GoOnAfterNoise(now);
    CheckSilence(now);
    BridgeTools(now);
  }
  if (now >= time_is_up_ && phase_ != Phase::kEnding) {
    Farewell(reasons::kDurationMax, lines::kTimeIsUp);
  }
}

void ComposedConversation::Retry(absl::Time now) {
  speaker_.Tick(now);
  reply_.Tick(now);
  desk_.Tick(now);
  if (ears_.TakeDeafness(now) && stt_retry_at_ == absl::InfiniteFuture()) {
    stt_slow_ = true;
    ports_.stt.Break();
  }
  if (now >= stt_retry_at_) {
    stt_retry_at_ = absl::InfiniteFuture();
    ports_.stt.Start(*this);
    ports_.stt.Hear(ears_.unrecognised());
  }
}

// A connection that stands and brings nothing. The carrier may still reach the callee.
void ComposedConversation::CheckStream() {
  if (!line_.dead()) return;
  if (phase_ == Phase::kEnding) return Finish(next_);
  Finish({.reason = std::string(reasons::kStreamLost),
          .message = "The carrier's media stream fell silent.",
          .say = std::string(lines::kApology),
          .on_our_side = true});
}

void ComposedConversation::OnAudio(int64_t start, Audio audio) {
  if (phase_ == Phase::kPreparing || phase_ == Phase::kEnded) return;
  const absl::Time now = ports_.clock.Now();
  const int64_t end = start + static_cast<int64_t>(audio.size());
  line_.OnAudio(start, audio);
  ports_.stt.Hear(audio);
  const Ears::Heard heard = ears_.OnAudio(audio, end, now);
  if (heard.sustained && phase_ == Phase::kReplying) OnVoice(now);
  if (heard.finalize && phase_ == Phase::kListening) ports_.stt.Finalize();
  Advance(now);
}

void ComposedConversation::OnMark(int64_t mark) {
  if (phase_ == Phase::kEnded) return;
  line_.OnMark(mark);
  Advance(ports_.clock.Now());
}

void ComposedConversation::OnStreamEnd(bool hung_up) {
  if (phase_ == Phase::kEnding) return Finish(next_);
  if (hung_up) return Finish({.reason = std::string(reasons::kCalleeHungUp)});
  Finish({.reason = std::string(reasons::kStreamLost),
          .message = "The carrier's media stream broke.",
          .on_our_side = true});
}

void ComposedConversation::OnTranscript(std::string_view text, bool final, bool ended) {
  if (phase_ == Phase::kEnding || phase_ == Phase::kEnded) return;
  if (const std::optional<absl::Status> from = stt_policy_.Recovered()) {
    OnRecovered(Party::kSpeechToText, *from);
  }
  // Words are stronger than sound: whoever says some has the floor.
  if (phase_ == Phase::kReplying && final && !text.empty()) BargeIn();
  const std::optional<CalleeTurn> turn = ears_.OnTranscript(text, final, ended);
  if (turn.has_value()) OnTurn(*turn);
}

void ComposedConversation::OnUtteranceEnd() {
  const std::optional<CalleeTurn> turn = ears_.OnUtteranceEnd();
  if (turn.has_value()) OnTurn(*turn);
}

void ComposedConversation::OnTurn(const CalleeTurn& turn) {
  if (phase_ != Phase::kListening && phase_ != Phase::kReplying) return;
  if (phase_ == Phase::kReplying) BargeIn();
  const absl::Time now = ports_.clock.Now();
  desk_.BeginTurn();
  if (desk_.has_round()) {
    said_since_.append(said_since_.empty() ? "" : " ").append(turn.text);
  } else {
    history_.AddCallee(turn.text);
  }
  ports_.log.Append(now, UtteranceEvent{.by_agent = false,
                                        .text = turn.text,
                                        .start = ToDuration(turn.start),
                                        .end = ToDuration(turn.end)});
  interrupted_ = false;
  unheard_.clear();
  reprompts_ = 0;
  latency_.Start(turn.end_of_speech, now);
  if (!desk_.has_round()) StartReply();
}

void ComposedConversation::StartReply() {
  phase_ = Phase::kReplying;
  reply_due_ = false;
  reply_.Ask(history_.messages(), desk_.open());
}

void ComposedConversation::Say(std::string_view line) {
  speaker_.Begin();
  speaker_.Say(line, true);
}

void ComposedConversation::OnFirstToken() { latency_.FirstToken(ports_.clock.Now()); }

void ComposedConversation::OnSpeechToTextDown(const absl::Status& why) {
  if (phase_ == Phase::kEnding || phase_ == Phase::kEnded) return;
  const bool slow = std::exchange(stt_slow_, false);
  const absl::Status cause = slow ? ClassifyFailure(Party::kSpeechToText, 504, "") : why;
  const std::optional<absl::Duration> delay = stt_policy_.RetryAfter(cause);
  if (!delay.has_value()) return OnLost(Party::kSpeechToText, cause);
  stt_retry_at_ = ports_.clock.Now() + *delay;
}

// Before the agent has begun, a voice is the rest of what the callee was saying (STT ends a turn at
// every pause): the reply is made, but kept back until they are silent or words follow.
void ComposedConversation::OnVoice(absl::Time now) {
  if (speaker_.started()) return BargeIn();
  if (speaker_.held()) return;
  speaker_.Hold();
  held_since_ = now;
}

void ComposedConversation::BargeIn() {
  const std::string rest = reply_.Cancel();
  speaker_.Hush();
  unheard_.clear();
  if (speaker_.started()) {
    const std::string heard = speaker_.Heard();
    unheard_ = speaker_.Unheard();
    if (!rest.empty()) unheard_ += " " + rest;
    history_.AddAgent(heard);
    LogUtterance(heard, true);
  }
  LogLatency(latency_.GiveUp());
  tones_.clear();
  interrupted_ = true;
  phase_ = Phase::kListening;
  quiet_since_ = ports_.clock.Now();
  desk_.SetDigitsSent(false);
}

void ComposedConversation::GoOnAfterNoise(absl::Time now) {
  if (!interrupted_ || ears_.speaking() || ears_.has_words() || keypad_.waiting()) return;
  const absl::Duration wait = ears_.wordless() ? absl::ZeroDuration() : kNoiseWait;
  if (now - std::max(quiet_since_, ears_.last_voice()) < wait) return;
  interrupted_ = false;
  const bool agent_was_speaking = !unheard_.empty();
  if (!agent_was_speaking) {
    const bool unanswered = !history_.messages().back().by_agent && latency_.turn() > 0;
    if ((unanswered || reply_due_) && !desk_.has_round()) StartReply();
    return;
  }
  phase_ = Phase::kReplying;
  Say(std::exchange(unheard_, ""));
}

void ComposedConversation::CheckSilence(absl::Time now) {
  if (phase_ != Phase::kListening || interrupted_ || ears_.speaking() || ears_.has_words()) return;
  if (desk_.has_round() || keypad_.waiting()) return;
  if (now - std::max(quiet_since_, ears_.last_voice()) < kSilenceWait) return;
  if (reprompts_++ >= kRepromptsMax) {
    return Farewell(reasons::kCalleeSilent, lines::kSilenceGoodbye);
  }
  phase_ = Phase::kReplying;
  Say(lines::kAreYouThere);
}

void ComposedConversation::FinishReply() {
  const std::string heard = speaker_.Heard();
  history_.AddAgent(heard);
  LogUtterance(heard, false);
  if (!tones_.empty()) return speaker_.PlayTones(MakeTones(std::exchange(tones_, "")));
  phase_ = Phase::kListening;
  quiet_since_ = ports_.clock.Now();
  desk_.SetDigitsSent(true);
  if (!GoOnWithTools() && reply_due_) StartReply();
}

void ComposedConversation::LogUtterance(std::string text, bool interrupted) {
  if (text.empty()) return;
  ports_.log.Append(ports_.clock.Now(), UtteranceEvent{.by_agent = true,
                                                       .text = std::move(text),
                                                       .start = ToDuration(speaker_.start()),
                                                       .end = ToDuration(speaker_.heard_until()),
                                                       .interrupted = interrupted});
}

void ComposedConversation::LogLatency(const std::optional<LatencyEvent>& latency) {
  if (latency.has_value()) ports_.log.Append(ports_.clock.Now(), *latency);
}

void ComposedConversation::OnRecovered(Party party, const absl::Status& from) {
  ports_.log.Append(
      ports_.clock.Now(),
      TroubleEvent{
          .party = party, .reason = Reason(from), .message = Message(from), .recovered = true});
}

void ComposedConversation::OnLost(Party party, const absl::Status& why) {
  if (phase_ == Phase::kEnded || !lost_.ok()) return;
  lost_ = why;
  ports_.log.Append(
      ports_.clock.Now(),
      TroubleEvent{
          .party = party, .reason = Reason(why), .message = Message(why), .recovered = false});
  if (phase_ == Phase::kEnding) return Finish(next_);
  // While it rings the callee knows nothing of it yet: they are told when they answer.
  if (phase_ != Phase::kPreparing) Apologise(why);
}

void ComposedConversation::Apologise(const absl::Status& why) {
  if (phase_ == Phase::kReplying) BargeIn();
  next_ = {.reason = Reason(why), .message = Message(why), .on_our_side = true};
  const bool playing = speaker_.PlayApology();
  if (playing) {
    phase_ = Phase::kEnding;
    hard_stop_ = ports_.clock.Now() + kEndingMax;
    return;
  }
  next_.say = lines::kApology;
  Finish(next_);
}

void ComposedConversation::Farewell(std::string_view reason, std::string_view line) {
  if (phase_ == Phase::kEnding || phase_ == Phase::kEnded) return;
  if (phase_ == Phase::kPreparing) return End(reason, "");
  if (phase_ == Phase::kReplying) BargeIn();
  phase_ = Phase::kEnding;
  next_ = {.reason = std::string(reason), .on_our_side = true};
  hard_stop_ = ports_.clock.Now() + kEndingMax;
  Say(line);
}

// The call is over when what is being said has been heard.
void ComposedConversation::BeginEnding(Ending next) {
  phase_ = Phase::kEnding;
  next_ = std::move(next);
  hard_stop_ = ports_.clock.Now() + kEndingMax;
}

void ComposedConversation::End(std::string_view reason, std::string_view message) {
  Finish({.reason = std::string(reason), .message = std::string(message), .on_our_side = true});
}

void ComposedConversation::Finish(Ending ending) {
  if (phase_ == Phase::kEnded) return;
  const bool whole = speaker_.finished();
  if (speaker_.started() && (phase_ == Phase::kReplying || phase_ == Phase::kEnding)) {
    LogUtterance(speaker_.Heard(), !whole);
  }
  if (std::optional<CalleeTurn> turn = ears_.OnUtteranceEnd()) {
    ports_.log.Append(ports_.clock.Now(), UtteranceEvent{.text = turn->text,
                                                         .start = ToDuration(turn->start),
                                                         .end = ToDuration(turn->end)});
  }
  LogLatency(latency_.GiveUp());
  phase_ = Phase::kEnded;
  ending_ = std::move(ending);
  ports_.stt.Stop();
  reply_.Stop();
  desk_.Stop();
  speaker_.Stop();
}

}  // namespace latchkey::media
