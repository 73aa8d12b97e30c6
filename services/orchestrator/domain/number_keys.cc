#include "services/orchestrator/domain/number_keys.h"

#include <utility>

#include "lib/base/error.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

KeyTarget TargetOf(const Number& number) {
  const std::string& model = number.agent.realtime_model;
  return {number.id, model.empty() ? std::string(kRealtimeModel) : model, number.agent.pipeline};
}

absl::Status ProRequired() {
  return Error(absl::StatusCode::kPermissionDenied, reasons::kProRequired,
               "Keys of numbers come with the plan Pro; this account is on Free. Upgrade to Pro, "
               "then paste the key again.");
}

absl::Status TooMany() {
  return Malformed(
      "A key is put on 1 to 500 numbers at a time. Name them, and go on with the rest.");
}

}  // namespace

NumberVoice NumberVoices::Of(const NumberId& number) const {
  const auto found = previews_.find(number);
  if (found == previews_.end()) return {};
  return {IncludesNumberKeys(plan_) ? VoiceMode::kByok : VoiceMode::kManaged, found->second};
}

Task<absl::StatusOr<NumberVoices>> NumberKeys::Voices(const TenantId& tenant) {
  absl::StatusOr<Tenant> owner = co_await tenants_.Find(tenant);
  if (!owner.ok()) co_return owner.status();
  absl::StatusOr<std::map<NumberId, std::string>> previews = co_await keys_.ListNumberKeys(tenant);
  if (!previews.ok()) co_return previews.status();
  co_return NumberVoices(owner->plan, *std::move(previews));
}

Task<absl::StatusOr<KeyTargets>> NumberKeys::Admit(
    const TenantId& tenant, const std::optional<std::vector<NumberId>>& wanted) {
  absl::StatusOr<Tenant> owner = co_await tenants_.Find(tenant);
  if (!owner.ok()) co_return owner.status();
  if (!IncludesNumberKeys(owner->plan)) co_return ProRequired();
  if (!wanted.has_value()) co_return co_await All(tenant);
  if (wanted->empty() || wanted->size() > kKeyTargetsMax) co_return TooMany();
  co_return co_await Each(tenant, *wanted);
}

Task<absl::StatusOr<KeyTargets>> NumberKeys::All(const TenantId& tenant) {
  constexpr int kOneTooMany = static_cast<int>(kKeyTargetsMax) + 1;
  absl::StatusOr<std::vector<Number>> found =
      co_await numbers_.List(tenant, std::nullopt, kOneTooMany);
  if (!found.ok()) co_return found.status();
  if (found->empty() || found->size() > kKeyTargetsMax) co_return TooMany();
  KeyTargets targets;
  for (const Number& number : *found) targets.numbers.push_back(TargetOf(number));
  co_return targets;
}

Task<absl::StatusOr<KeyTargets>> NumberKeys::Each(const TenantId& tenant,
                                                  const std::vector<NumberId>& wanted) {
  KeyTargets targets;
  for (const NumberId& number : wanted) {
    absl::StatusOr<Number> found = co_await numbers_.Find(tenant, number);
    if (absl::IsNotFound(found.status())) {
      targets.unknown.push_back(number);
    } else if (!found.ok()) {
      co_return found.status();
    } else {
      targets.numbers.push_back(TargetOf(*found));
    }
  }
  co_return targets;
}

}  // namespace latchkey::orchestrator
