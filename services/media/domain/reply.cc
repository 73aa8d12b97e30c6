#include "services/media/domain/reply.h"

#include <utility>

#include "services/media/domain/lines.h"

namespace latchkey::media {
namespace {

constexpr absl::Duration kFirstTokenWait = absl::Seconds(4);
// Between two tokens of one sentence there is far less.
constexpr absl::Duration kWholeWait = absl::Milliseconds(600);
constexpr absl::Duration kNextTokenWait = absl::Seconds(3);
// A word now and then is no answer: the first sentence, and the next when all has been heard.
constexpr absl::Duration kFirstSentenceWait = absl::Seconds(8);
constexpr absl::Duration kNextSentenceWait = absl::Seconds(4);
// From here on people ask whether somebody is there.
constexpr absl::Duration kFillerWait = absl::Milliseconds(2'500);

// A model that asks for more at a time has lost its way.
constexpr size_t kUsesMax = 64;

bool HasWords(std::string_view text) {
  return text.find_first_not_of(" \n\t") != std::string_view::npos;
}

bool IsWhole(std::string_view sentence) {
  const size_t last = sentence.find_last_not_of(" \n\t\"')");
  if (last == std::string_view::npos) return true;  // Nothing is missing in nothing.
  return sentence[last] == '.' || sentence[last] == '!' || sentence[last] == '?';
}

}  // namespace

Reply::Reply(LanguageModel& llm, const Clock& clock, Speaker& speaker, const AgentSettings& agent,
             const std::vector<ToolDeclaration>& tools, Owner& owner)
    : llm_(llm),
      clock_(clock),
      speaker_(speaker),
      agent_(agent),
      system_(SystemPrompt(agent)),
      tools_(tools),
      owner_(owner) {}

void Reply::Ask(const std::vector<Said>& messages, bool may_use_tools) {
  messages_ = &messages;
  may_use_tools_ = may_use_tools;
  speaker_.Begin();
  said_ = false;
  waiting_ = true;
  filler_at_ = clock_.Now() + kFillerWait;
  AskOnce();
}

void Reply::AskOnce() {
  retry_at_ = absl::InfiniteFuture();
  splitter_.Reset();
  whole_at_ = absl::InfiniteFuture();
  has_text_ = false;
  uses_.clear();
  asked_at_ = clock_.Now();
  deadline_ = asked_at_ + kFirstTokenWait;
  llm_.Ask(++request_, {.model = agent_.llm_model,
                        .system = system_,
                        .messages = messages_,
                        .tools = &tools_,
                        .may_use_tools = may_use_tools_});
}

std::string Reply::Cancel() {
  llm_.Cancel();
  Rest();
  return splitter_.Rest();
}

// Nothing is waited for any more.
void Reply::Rest() {
  waiting_ = false;
  whole_at_ = absl::InfiniteFuture();
  filler_at_ = absl::InfiniteFuture();
  deadline_ = absl::InfiniteFuture();
  retry_at_ = absl::InfiniteFuture();
}

void Reply::Stop() {
  Rest();
  llm_.Stop();
}

void Reply::Tick(absl::Time now) {
  if (!waiting_) return;
  Bridge(now);
  SayWhole(now);
  if (now >= retry_at_) return AskOnce();
  if (now < deadline_ && !Stalled(now)) return;
  OnReplyFailed(request_, ClassifyFailure(Party::kLanguageModel, 504, ""));
}

void Reply::Bridge(absl::Time now) {
  if (now < filler_at_) return;
  filler_at_ = absl::InfiniteFuture();
  if (!said_) speaker_.PlayFiller();
}

// It writes, but so slowly that the callee hears nothing.
bool Reply::Stalled(absl::Time now) const {
  if (retry_at_ != absl::InfiniteFuture()) return false;
  if (!said_) return now - asked_at_ > kFirstSentenceWait;
  return speaker_.silent_for() > kNextSentenceWait;
}

void Reply::OnReplyText(int request, std::string_view delta) {
  if (!live(request) || delta.empty()) return;
  if (!has_text_) {
    has_text_ = true;
    owner_.OnFirstToken();
  }
  deadline_ = clock_.Now() + kNextTokenWait;
  whole_at_ = clock_.Now() + kWholeWait;
  splitter_.Add(delta);
  while (const std::optional<std::string> sentence = splitter_.Next()) SaySentence(*sentence);
}

void Reply::SaySentence(std::string_view sentence) {
  Recover();
  said_ = true;
  speaker_.Say(sentence, false);
}

// Only what follows tells the end of a sentence, but nothing follows.
void Reply::SayWhole(absl::Time now) {
  if (now < whole_at_) return;
  whole_at_ = absl::InfiniteFuture();
  if (!splitter_.waiting().empty() && IsWhole(splitter_.waiting())) SaySentence(splitter_.Rest());
}

void Reply::OnToolUse(int request, const ToolUse& use) {
  if (!live(request) || uses_.size() == kUsesMax) return;
  deadline_ = clock_.Now() + kNextTokenWait;
  uses_.push_back(use);
}

void Reply::OnReplyDone(int request) {
  if (!live(request)) return;
  Recover();
  // A reply of nothing would be silence.
  if (!said_ && !HasWords(splitter_.waiting()) && uses_.empty()) splitter_.Add(lines::kSayAgain);
  Complete(splitter_.Rest());
}

void Reply::Complete(std::string_view rest) {
  Rest();
  const bool said = said_ || HasWords(rest);
  if (said) {
    speaker_.Say(rest, true);
  } else {
    speaker_.SayNothing();
  }
  owner_.OnReplyWhole(said, std::exchange(uses_, {}));
}

void Reply::OnReplyFailed(int request, const absl::Status& why) {
  if (!live(request)) return;
  deadline_ = absl::InfiniteFuture();
  whole_at_ = absl::InfiniteFuture();
  llm_.Cancel();
  // Asking again would say what was said twice.
  if (said_) return BreakOff(why);
  const std::optional<absl::Duration> delay = policy_.RetryAfter(why);
  if (delay.has_value()) {
    retry_at_ = clock_.Now() + *delay;
    return;
  }
  Rest();
  owner_.OnLost(Party::kLanguageModel, why);
}

// Half a sentence is worse than none.
void Reply::BreakOff(const absl::Status& why) {
  owner_.OnRecovered(Party::kLanguageModel, why);
  const std::string rest = splitter_.Rest();
  // What it asked for may be only half of what it wanted; but for the end, which stands by itself.
  std::erase_if(uses_, [](const ToolUse& use) { return use.name != kEndCallTool; });
  if (IsWhole(rest)) return Complete(rest);
  Complete(uses_.empty() ? lines::kSayAgain : lines::kGoodbye);
}

void Reply::Recover() {
  if (const std::optional<absl::Status> from = policy_.Recovered()) {
    owner_.OnRecovered(Party::kLanguageModel, *from);
  }
}

}  // namespace latchkey::media
