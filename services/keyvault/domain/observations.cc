#include "services/keyvault/domain/observations.h"

#include <algorithm>
#include <map>

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

constexpr int kCountMax = 1'000'000;  // Nobody sees more between two renewals.

struct SeenAll {
  const SeenKey* key = nullptr;
  std::vector<const LeaseObservation*> observations;
};

void Add(std::vector<SeenAnswer>& answers, SeenAnswer seen) {
  const auto known = std::find_if(answers.begin(), answers.end(),
                                  [&](const SeenAnswer& one) { return one.answer == seen.answer; });
  if (known != answers.end()) {
    seen.count = std::min(seen.count + known->count, kCountMax);
    answers.erase(known);
  }
  answers.push_back(seen);
}

}  // namespace

LeaseObservation Merge(const std::vector<const LeaseObservation*>& observations) {
  LeaseObservation merged;
  for (const LeaseObservation* one : observations) {
    for (const SeenAnswer& seen : one->answers) {
      Add(merged.answers, {seen.answer, std::clamp(seen.count, 1, kCountMax)});
    }
    if (one->call_ceiling <= 0) continue;
    const int least = merged.call_ceiling > 0 ? merged.call_ceiling : one->call_ceiling;
    merged.call_ceiling = std::min(least, one->call_ceiling);
  }
  return merged;
}

Task<absl::StatusOr<size_t>> Observations::Take(const Actor& caller,
                                                const std::vector<LeaseObservation>& observations) {
  if (observations.empty()) co_return 0;
  if (observations.size() > kObservationsMax) {
    co_return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest,
                    "At most 10000 observations are taken in one request.");
  }
  absl::StatusOr<std::vector<SeenKey>> seen =
      co_await store_.FindSeen(caller.spiffe_id, observations);
  if (!seen.ok()) co_return seen.status();
  std::map<KeyId, SeenAll> by_key;
  for (const SeenKey& one : *seen) {
    SeenAll& all = by_key[one.id];
    all.key = &one;
    all.observations.push_back(&observations[one.observation]);
  }
  for (const auto& [id, all] : by_key) {
    const LeaseObservation merged = Merge(all.observations);
    const HealthChange change = [&](const KeyHealth& before, absl::Time now) {
      const KeyHealth after = rule_.AfterAnswers(before, merged.answers, now);
      return rule_.AfterCeiling(after, merged.call_ceiling, now);
    };
    // Most change nothing, and cost no transaction.
    if (change(all.key->health, clock_.Now()) == all.key->health) continue;
    absl::StatusOr<std::optional<KeyHealth>> changed =
        co_await store_.Change(id, all.key->version, change, caller);
    if (!changed.ok()) co_return changed.status();
  }
  co_return seen->size();
}

}  // namespace latchkey::keyvault
