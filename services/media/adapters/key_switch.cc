#include "services/media/adapters/key_switch.h"

#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/base/metrics.h"

namespace latchkey::media {
namespace {

// Twilio's refusals are all kFailedPrecondition; the reason tells.
constexpr std::string_view kTwilioRejectedKey = "twilio_rejected_key";

void Count(Provider provider, std::string_view outcome) {
  metrics::MakeCounter(
      "latchkey_media_key_switches_total",
      "Keys that a provider refused in a call, and what came of asking for the "
      "other version.",
      {{"provider", std::string(provider::Name(provider))}, {"outcome", std::string(outcome)}})
      .Add();
}

}  // namespace

bool KeySwitch::MayAsk(Provider provider, const absl::Status& why) {
  const bool refused = absl::IsUnauthenticated(why) || Reason(why) == kTwilioRejectedKey;
  return refused && !stopped_ && asked_.insert(provider).second;
}

void KeySwitch::Explain(Provider provider, const absl::Status& why, Told told) {
  witness_.Failed(provider, why);
  if (!MayAsk(provider, why)) return told(why);
  group_.Spawn("switch key", AskAndTell(provider, why, std::move(told)));
}

Task<void> KeySwitch::AskAndTell(Provider provider, absl::Status why, Told told) {
  const bool replaced = co_await Ask(provider);
  if (stopped_) co_return;
  told(replaced ? KeyReplaced(why) : why);
}

Task<bool> KeySwitch::Replaced(Provider provider, const absl::Status& why) {
  if (why.ok()) {
    witness_.Worked(provider);
    co_return false;
  }
  witness_.Failed(provider, why);
  if (!MayAsk(provider, why)) co_return false;
  co_return co_await Ask(provider);
}

Task<bool> KeySwitch::Ask(Provider provider) {
  absl::Status switched = co_await leases_.Switch(call_id_, provider, keys_);
  Count(provider, switched.ok() ? "replaced" : "refused");
  if (!switched.ok()) {
    log::Warn(
        "key not switched",
        {{"call_id", call_id_}, {"provider", provider::Name(provider)}, {"status", switched}});
  }
  co_return switched.ok();
}

void KeySwitch::Stop() {
  stopped_ = true;
  group_.Cancel();
}

}  // namespace latchkey::media
