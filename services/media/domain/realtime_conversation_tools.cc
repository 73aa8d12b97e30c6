// What a conversation over a realtime model does beside speaking and hearing: tools, the keypad.
#include <utility>

#include "lib/base/error.h"
#include "services/media/domain/dtmf.h"
#include "services/media/domain/lines.h"
#include "services/media/domain/realtime_conversation.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

// A goodbye that is not over by then is cut off.
constexpr absl::Duration kEndingMax = absl::Seconds(15);
// From here on people ask whether somebody is there.
constexpr absl::Duration kBridgeWait = absl::Milliseconds(2'500);

}  // namespace

// `sounded`: the response has said something as well.
void RealtimeConversation::RunTools(bool sounded) {
  const absl::Time now = ports_.clock.Now();
  if (desk_.busy()) return uses_.clear();  // It answered the callee meanwhile, and asks once more.
  const ToolDesk::Plan plan = desk_.Take(std::exchange(uses_, {}), now);
  if (plan.hang_up || plan.transfer.has_value()) return EndWith(plan);
  round_lost_ = false;
  bridge_at_ = absl::InfiniteFuture();
  tones_ = plan.digits;
  if (phase_ != Phase::kTalking || sounded) return;
  if (!plan.filler.empty()) return Want(lines::Dictate(plan.filler));
  if (!desk_.has_round()) return WantWords();
  bridge_at_ = now + kBridgeWait;
}

void RealtimeConversation::EndWith(const ToolDesk::Plan& plan) {
  phase_ = Phase::kEnding;
  desk_.SetDigitsSent(false);
  next_ = {.reason = std::string(plan.hang_up ? reasons::kAgentHungUp : reasons::kTransferred),
           .message = "",
           .say = "",
           .on_our_side = true,
           .transfer = plan.transfer};
  hard_stop_ = ports_.clock.Now() + kEndingMax;
  if (voice_.speaking()) return;
  last_words_ = plan.hang_up ? lines::kGoodbye : lines::kConnecting;
  Want(lines::Dictate(last_words_));
}

// When the agent has spoken: the tones, and then what its tools have answered. While the callee has
// the word, or the model is at an answer for them, the results wait.
void RealtimeConversation::GoOnWithTools(absl::Time now) {
  if (phase_ != Phase::kTalking || !desk_.has_round() || !session_.ready()) return;
  if (turn_waits_ || voice_.responding() || wanted_.has_value() || expected_) return;
  if (!tones_.empty() && !voice_.speaking()) {
    voice_.PlayTones(MakeTones(std::exchange(tones_, "")));
    sounding_tones_ = true;
  }
  if (desk_.busy()) {
    if (now < bridge_at_ || voice_.speaking()) return;
    bridge_at_ = absl::InfiniteFuture();
    return Want(lines::Dictate(lines::kOneMoment));
  }
  bridge_at_ = absl::InfiniteFuture();
  const ToolRound round = desk_.TakeRound();
  // Another session does not know what it asked for; it asks again, if it still wants to.
  const bool lost = std::exchange(round_lost_, false);
  for (const ToolResult& result : round.results) {
    if (!lost) ports_.model.AnswerTool(result.id, result.content);
  }
  if (desk_.open() || lost) return Want("");
  WantWords();
}

void RealtimeConversation::OnToolFailed(const absl::Status& why) {
  ports_.log.Append(ports_.clock.Now(), TroubleEvent{.party = Party::kNone,
                                                     .reason = Reason(why),
                                                     .message = Message(why),
                                                     .recovered = true});
}

void RealtimeConversation::OnKey(char key) {
  if (phase_ != Phase::kTalking) return;
  // Who presses a key has heard enough.
  const bool responding = voice_.responding();
  if (responding || voice_.speaking()) BargeIn();
  if (responding && session_.ready()) ports_.model.CancelResponse();
  wanted_.reset();
  keypad_.Press(key, ports_.clock.Now());
  Advance(ports_.clock.Now());
}

void RealtimeConversation::OnKeys(const std::string& keys) {
  const std::string text = KeysText(keys);
  const std::string item = "keys_" + std::to_string(++keys_);
  reprompts_ = 0;
  desk_.BeginTurn();
  transcript_.Expect(item, line_.Now(), line_.Now());
  transcript_.Resolve(item, text);
  // A session that is still to come is told with all that was said before.
  if (session_.ready()) ports_.model.Recall({Said{.by_agent = false, .text = text}});
  Want("");
}

}  // namespace latchkey::media
