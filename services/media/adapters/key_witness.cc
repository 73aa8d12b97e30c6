#include "services/media/adapters/key_witness.h"

#include <algorithm>
#include <string>

#include "lib/base/error.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

namespace pb = keyvault::v1;

// As often as leases are renewed; what bars a key is told sooner.
constexpr absl::Duration kHandOnEvery = absl::Seconds(30);
constexpr absl::Duration kHandOnUrgently = absl::Seconds(2);

}  // namespace

std::optional<pb::ProviderAnswer> AnswerOf(const absl::Status& why) {
  const std::string reason = Reason(why);
  const auto is = [&](std::string_view end) {
    return reason.ends_with(std::string("_").append(end));
  };
  if (is(reasons::kRejectedKey) || reason == reasons::kCarrierSuspended) {
    return pb::PROVIDER_ANSWER_KEY_REFUSED;
  }
  if (is(reasons::kNoCredit)) return pb::PROVIDER_ANSWER_NO_CREDIT;
  if (is(reasons::kRateLimited)) return pb::PROVIDER_ANSWER_RATE_LIMITED;
  if (is(reasons::kOverloaded)) return pb::PROVIDER_ANSWER_FAILED;
  if (is(reasons::kDropped) || is(reasons::kTooSlow) || reason == reasons::kCarrierUnreachable) {
    return pb::PROVIDER_ANSWER_NONE;
  }
  return std::nullopt;
}

void KeyWitness::Worked(Provider provider) { Note(provider, pb::PROVIDER_ANSWER_WORKED); }

void KeyWitness::Failed(Provider provider, const absl::Status& why) {
  const std::optional<pb::ProviderAnswer> answer = AnswerOf(why);
  if (!answer.has_value()) return;
  urgent_ = urgent_ || *answer == pb::PROVIDER_ANSWER_KEY_REFUSED ||
            *answer == pb::PROVIDER_ANSWER_NO_CREDIT;
  Note(provider, *answer);
}

void KeyWitness::Told(Provider provider, int call_ceiling) {
  notes_[provider].call_ceiling = call_ceiling;
}

void KeyWitness::Note(Provider provider, pb::ProviderAnswer answer) {
  const auto grant = keys_.grants.find(provider);
  if (grant == keys_.grants.end()) return;
  Notes& notes = notes_[provider];
  // Of the version before: its notes go first.
  if (!notes.answers.empty() && notes.version != grant->second.version) HandOn();
  notes.version = grant->second.version;
  const auto known =
      std::find_if(notes.answers.begin(), notes.answers.end(),
                   [answer](const pb::SeenAnswer& one) { return one.answer() == answer; });
  pb::SeenAnswer seen;
  seen.set_answer(answer);
  seen.set_count(1);
  if (known != notes.answers.end()) {
    seen.set_count(known->count() + 1);
    notes.answers.erase(known);
  }
  notes.answers.push_back(seen);
  const absl::Duration pause = urgent_ ? kHandOnUrgently : kHandOnEvery;
  if (clock_.Now() - handed_on_ >= pause) HandOn();
}

void KeyWitness::HandOn() { report_(Take()); }

KeyLeases::Observations KeyWitness::Take() {
  KeyLeases::Observations taken;
  for (auto& [provider, notes] : notes_) {
    const auto grant = keys_.grants.find(provider);
    if (grant == keys_.grants.end()) continue;
    if (notes.answers.empty() && notes.call_ceiling == 0) continue;
    pb::LeaseObservation& observation = *taken.Add();
    observation.set_lease_id(grant->second.lease_id);
    observation.set_key_version(notes.version > 0 ? notes.version : grant->second.version);
    observation.set_call_ceiling(notes.call_ceiling);
    for (const pb::SeenAnswer& seen : notes.answers) *observation.add_answers() = seen;
    notes = Notes();
  }
  handed_on_ = clock_.Now();
  urgent_ = false;
  return taken;
}

}  // namespace latchkey::media
