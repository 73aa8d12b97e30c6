#include "services/keyvault/domain/checkups.h"

#include <algorithm>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

constexpr absl::Duration kLookEvery = absl::Seconds(1);
// Longer than a probe may take, and a wait for its turn.
constexpr absl::Duration kClaim = absl::Minutes(1);
constexpr std::string_view kOwnId = "spiffe://latchkey/keyvault";
constexpr uint64_t kJitterSteps = 1'000;
constexpr std::string_view kModelNotFound = "model_not_found";

AuditRow RowOf(const KeyInfo& key, AuditOutcome outcome, const Actor& actor) {
  AuditRow row(AuditAction::kRevalidate, outcome, actor, key.slot.tenant);
  row.number = key.slot.number.text();
  row.provider = static_cast<int>(key.slot.provider);
  row.key = key.id.text();
  row.key_version = key.version;
  return row;
}

}  // namespace

std::optional<ProbeOutcome> OutcomeOf(const absl::StatusOr<AccountFacts>& probed) {
  using Kind = ProbeOutcome::Kind;
  if (probed.ok()) return ProbeOutcome{Kind::kPassed, "", *probed};
  const std::string why = Reason(probed.status());
  ErrorMetadata metadata = Metadata(probed.status());
  if (why == reason::kByokKeyInvalid) {
    const std::string& rejection = metadata["reason"];
    if (rejection == kWhyNoCredit) return ProbeOutcome{Kind::kNoCredit, "", {}};
    // The key is known, and may well be good for the model that calls use: its number may have
    // another one by now than when it was saved.
    if (rejection == kModelNotFound) return ProbeOutcome{Kind::kNotJudged, "", {}};
    return ProbeOutcome{Kind::kRejected, rejection, {}};
  }
  if (metadata.contains(std::string(kNotAsked))) return std::nullopt;
  if (why == reason::kProviderRateLimited) return ProbeOutcome{Kind::kRateLimited, "", {}};
  if (why == reason::kProviderUnreachable) return ProbeOutcome{Kind::kNoAnswer, "", {}};
  return std::nullopt;
}

Checkups::Checkups(Executor executor, const CheckupPorts& ports, HealthRule rule,
                   int64_t probes_per_minute)
    : ports_(ports),
      rule_(rule),
      pause_(absl::Minutes(1) / std::max<int64_t>(probes_per_minute, 1)),
      loop_(executor),
      checking_(executor) {}

Task<absl::StatusOr<KeyInfo>> Checkups::Revalidate(const KeySlot& slot, const Actor& actor) {
  absl::StatusOr<StoredKey> key = co_await ports_.keys.Find(slot);
  if (!key.ok()) co_return key.status();
  absl::Status allowed = co_await ports_.probes.Take(slot.tenant);
  if (Reason(allowed) == reason::kProbeLimit) {
    AuditRow row = RowOf(key->info, AuditOutcome::kRefused, actor);
    row.reason = Reason(allowed);
    co_return co_await ports_.denials.Record(std::move(row), std::move(allowed));
  }
  if (!allowed.ok()) co_return allowed;
  absl::Status checked = co_await Check(*key, actor);
  if (!checked.ok()) co_return checked;
  absl::StatusOr<StoredKey> after = co_await ports_.keys.Find(slot);
  if (!after.ok()) co_return after.status();
  co_return std::move(after->info);
}

void Checkups::Start() { loop_.Spawn("check keys", Run()); }

Task<void> Checkups::Stop() {
  loop_.Cancel();
  checking_.Cancel();
  co_await loop_.Join();
  co_await checking_.Join();
}

Task<void> Checkups::Run() {
  while (true) {
    absl::StatusOr<size_t> checked = co_await CheckDue();
    if (!checked.ok()) log::Warn("keys not checked", {{"error", checked.status()}});
    if (!checked.ok() || *checked == 0) co_await ports_.clock.Sleep(kLookEvery);
  }
}

Task<absl::StatusOr<size_t>> Checkups::CheckDue() {
  absl::Status planned = co_await ports_.health.Plan(rule_.interval());
  if (!planned.ok()) co_return planned;
  absl::StatusOr<std::vector<StoredKey>> due = co_await ports_.health.ClaimDue(kAtATime, kClaim);
  if (!due.ok()) co_return due.status();
  for (StoredKey& key : *due) {
    co_await KeepPace();
    checking_.Spawn("check a key", CheckOne(std::move(key)));
  }
  co_await checking_.Join();
  co_return due->size();
}

Task<void> Checkups::CheckOne(StoredKey key) {
  const Actor actor{std::string(kOwnId)};
  absl::Status checked = co_await Check(key, actor);
  if (checked.ok() || absl::IsCancelled(checked)) co_return;
  log::Warn("key not checked", {{"key_id", key.info.id.text()},
                                {"tenant_id", key.info.slot.tenant.text()},
                                {"error", checked}});
}

Task<absl::Status> Checkups::Check(const StoredKey& key, const Actor& actor) {
  const AuditRow row = RowOf(key.info, AuditOutcome::kDone, actor);
  absl::Status written = co_await ports_.log.Write(row);
  if (!written.ok()) co_return written;
  absl::StatusOr<secret::KeyFields> fields =
      ports_.envelope.Open(key.tenant_key, AddressOf(key.info), key.sealed);
  if (!fields.ok()) co_return fields.status();
  const absl::StatusOr<AccountFacts> probed =
      co_await ports_.prober.Probe(key.info.slot.provider, *fields, key.info.model);
  const std::optional<ProbeOutcome> outcome = OutcomeOf(probed);
  if (!outcome.has_value()) co_return probed.status();

  const double jitter = static_cast<double>(ports_.random.Below(kJitterSteps)) / kJitterSteps;
  const HealthChange change = [&](const KeyHealth& before, absl::Time now) {
    return rule_.AfterProbe(before, *outcome, jitter, now);
  };
  absl::StatusOr<std::optional<KeyHealth>> changed =
      co_await ports_.health.Change(key.info.id, key.info.version, change, actor);
  if (!changed.ok()) co_return changed.status();
  // That the key is rejected is what was to be found out.
  if (absl::IsInvalidArgument(probed.status())) co_return absl::OkStatus();
  co_return probed.status();
}

Task<void> Checkups::KeepPace() {
  next_ = std::max(next_ + pause_, ports_.clock.Now());
  co_await ports_.clock.SleepUntil(next_);
}

}  // namespace latchkey::keyvault
