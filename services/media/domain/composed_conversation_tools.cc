// What a composed conversation does beside speaking and hearing: tools, and the keypad.
#include <utility>

#include "lib/base/error.h"
#include "services/media/domain/composed_conversation.h"
#include "services/media/domain/lines.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

// From here on people ask whether somebody is there.
constexpr absl::Duration kBridgeWait = absl::Milliseconds(2'500);

}  // namespace

void ComposedConversation::OnKey(char key) {
  if (phase_ != Phase::kListening && phase_ != Phase::kReplying) return;
  const absl::Time now = ports_.clock.Now();
  // Who presses a key has heard enough.
  if (phase_ == Phase::kReplying) BargeIn();
  keypad_.Press(key, now);
  Advance(now);
}

void ComposedConversation::OnKeys(const std::string& keys, absl::Time now) {
  const int64_t at = line_.Now();
  OnTurn({.text = KeysText(keys), .start = at, .end = at, .end_of_speech = now});
}

// What the agent asked for is done, and it has the word. False: there is nothing to go on with.
bool ComposedConversation::GoOnWithTools() {
  if (!desk_.has_round() || desk_.busy()) return false;
  history_.AddRound(desk_.TakeRound());
  history_.AddCallee(std::exchange(said_since_, ""));
  reply_due_ = true;
  // Who has just interrupted is heard first: their words come, or it was a noise.
  if (!interrupted_) StartReply();
  return true;
}

void ComposedConversation::OnReplyWhole(bool said, std::vector<ToolUse> uses) {
  if (uses.empty()) return;
  const ToolDesk::Plan plan = desk_.Take(std::move(uses), ports_.clock.Now());
  tones_ = plan.digits;
  if (plan.hang_up || plan.transfer.has_value()) return EndWith(plan, said);
  if (said) return;
  if (!plan.filler.empty()) return Say(plan.filler);
  // It was told to speak, and has not.
  if (!desk_.has_round()) return Say(lines::kSayAgain);
  bridge_at_ = ports_.clock.Now() + kBridgeWait;
}

// A tool takes its time, and neither the model nor the tenant has said so.
void ComposedConversation::BridgeTools(absl::Time now) {
  if (now < bridge_at_ || interrupted_ || ears_.speaking()) return;
  bridge_at_ = absl::InfiniteFuture();
  if (!desk_.busy()) return;
  phase_ = Phase::kReplying;
  Say(lines::kOneMoment);
}

void ComposedConversation::EndWith(const ToolDesk::Plan& plan, bool said) {
  desk_.SetDigitsSent(false);
  BeginEnding({.reason = std::string(plan.hang_up ? reasons::kAgentHungUp : reasons::kTransferred),
               .message = "",
               .say = "",
               .on_our_side = true,
               .transfer = plan.transfer});
  if (!said) Say(plan.hang_up ? lines::kGoodbye : lines::kConnecting);
}

void ComposedConversation::OnToolFailed(const absl::Status& why) {
  ports_.log.Append(ports_.clock.Now(), TroubleEvent{.party = Party::kNone,
                                                     .reason = Reason(why),
                                                     .message = Message(why),
                                                     .recovered = true});
}

}  // namespace latchkey::media
