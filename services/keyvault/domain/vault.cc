#include "services/keyvault/domain/vault.h"

#include <map>
#include <string_view>

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

// Two people who save to one slot at the same moment both get through; more are turned away.
constexpr int kSaveAttemptsMax = 3;

absl::Status Malformed(std::string_view sentence) {
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest, sentence);
}

constexpr std::string_view kRequestIdRule = "A request id has 1 to 64 characters.";

bool IsRequestId(const std::string& id) { return !id.empty() && id.size() <= kRequestIdBytesMax; }

// Each number's save is a request of its own.
std::string IdOnNumber(const std::string& id, const NumberId& number) {
  return id + "/" + number.text();
}

// What can go right for no number.
bool ConcernsAll(const absl::Status& probed) {
  return Reason(probed) == reason::kMalformedRequest || Reason(probed) == reason::kIntakeKeyUnknown;
}

// `done` is an error, or holds a key.
absl::StatusOr<SavedKey> OnlySaved(absl::StatusOr<std::optional<SavedKey>> done) {
  if (!done.ok()) return done.status();
  return **std::move(done);
}

// Not when Postgres has trouble.
bool IsRefusal(const absl::Status& why) {
  return absl::IsInvalidArgument(why) || absl::IsFailedPrecondition(why) ||
         Reason(why) == reason::kProbeLimit;
}

AuditRow RowOf(AuditAction action, AuditOutcome outcome, const Actor& actor, const KeySlot& slot) {
  AuditRow row(action, outcome, actor, slot.tenant);
  row.number = slot.number.text();
  row.provider = static_cast<int>(slot.provider);
  return row;
}

AuditRow RefusedRow(AuditAction action, const Actor& actor, const KeySlot& slot,
                    const absl::Status& why) {
  AuditRow row = RowOf(action, AuditOutcome::kRefused, actor, slot);
  row.reason = Reason(why);
  return row;
}

}  // namespace

Task<absl::StatusOr<SavedKey>> Vault::Put(const SaveRequest& request, const Actor& actor) {
  if (!IsRequestId(request.id)) co_return Malformed(kRequestIdRule);
  absl::StatusOr<std::optional<SavedKey>> done = co_await FindDone(request);
  if (!done.ok()) co_return done.status();
  if (done->has_value()) co_return **std::move(done);

  absl::StatusOr<Passed> passed =
      co_await Probe(request.slot, request.candidate, AuditAction::kSave, actor);
  if (!passed.ok()) co_return passed.status();
  co_return co_await StoreOnce(request, *passed, actor);
}

Task<absl::StatusOr<SavedKey>> Vault::StoreOnce(const SaveRequest& request, const Passed& passed,
                                                const Actor& actor) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<KeyInfo> stored = co_await Store(request, passed, actor);
    if (stored.ok()) co_return SavedKey{*std::move(stored), passed.candidate.warnings};
    if (!absl::IsAborted(stored.status()) || attempt == kSaveAttemptsMax) {
      co_return stored.status();
    }
    // Perhaps it was this very request, sent twice.
    absl::StatusOr<std::optional<SavedKey>> meanwhile = co_await FindDone(request);
    if (!meanwhile.ok()) co_return meanwhile.status();
    if (meanwhile->has_value()) co_return **std::move(meanwhile);
  }
}

Task<absl::StatusOr<NumbersSaved>> Vault::PutOnNumbers(const NumbersSave& save,
                                                       const Actor& actor) {
  if (!IsRequestId(save.id)) co_return Malformed(kRequestIdRule);
  std::map<std::string, absl::StatusOr<Passed>> probed;  // By model.
  NumbersSaved saved;
  for (const NumbersSave::Target& target : save.targets) {
    const KeySlot slot(save.slot.tenant, target.number, save.slot.provider);
    const SaveRequest request(IdOnNumber(save.id, target.number), slot, save.candidate);
    absl::StatusOr<std::optional<SavedKey>> done = co_await FindDone(request);
    if (!done.ok() || done->has_value()) {
      saved.results.push_back(OnlySaved(std::move(done)));
      continue;
    }
    if (!probed.contains(target.model)) {
      SealedCandidate candidate = save.candidate;
      candidate.model = target.model;
      absl::StatusOr<Passed> passed =
          co_await Probe(save.slot, candidate, AuditAction::kSave, actor);
      if (ConcernsAll(passed.status())) co_return passed.status();
      probed.emplace(target.model, std::move(passed));
    }
    const absl::StatusOr<Passed>& passed = probed.at(target.model);
    if (!passed.ok()) {
      saved.results.emplace_back(passed.status());
      continue;
    }
    absl::StatusOr<SavedKey> stored = co_await StoreOnce(request, *passed, actor);
    saved.results.push_back(std::move(stored));
  }
  co_return saved;
}

Task<absl::StatusOr<TestedKey>> Vault::Test(const KeySlot& slot, const SealedCandidate& candidate,
                                            const Actor& actor) {
  absl::StatusOr<Passed> passed = co_await Probe(slot, candidate, AuditAction::kTest, actor);
  if (!passed.ok()) co_return passed.status();
  const AuditRow row = RowOf(AuditAction::kTest, AuditOutcome::kDone, actor, slot);
  absl::Status written = co_await log_.Write(row);
  if (!written.ok()) co_return written;
  co_return TestedKey{std::move(passed->facts), std::move(passed->candidate.warnings)};
}

Task<absl::StatusOr<int>> Vault::Delete(const KeySlot& slot, LiveCalls live_calls,
                                        const Actor& actor) {
  co_return co_await store_.Delete(slot, live_calls, actor);
}

Task<absl::StatusOr<KeyPage>> Vault::List(const TenantId& tenant, std::optional<KeyCursor> after,
                                          int limit) {
  // One more than asked for tells whether there is a next page.
  absl::StatusOr<std::vector<KeyInfo>> keys =
      co_await store_.List(tenant, std::move(after), limit + 1);
  if (!keys.ok()) co_return keys.status();
  KeyPage page{*std::move(keys), std::nullopt};
  if (page.keys.size() > static_cast<size_t>(limit)) {
    page.keys.pop_back();
    const KeySlot& last = page.keys.back().slot;
    page.next = KeyCursor{last.provider, last.number.text()};
  }
  co_return page;
}

Task<absl::StatusOr<Vault::Passed>> Vault::Probe(const KeySlot& slot, const SealedCandidate& sealed,
                                                 AuditAction action, const Actor& actor) {
  absl::StatusOr<Candidate> candidate = co_await Admit(slot, sealed);
  if (!candidate.ok()) {
    absl::Status why = candidate.status();
    if (!IsRefusal(why)) co_return why;
    AuditRow row = RefusedRow(action, actor, slot, why);
    co_return co_await denials_.Record(std::move(row), std::move(why));
  }
  absl::StatusOr<AccountFacts> facts =
      co_await prober_.Probe(slot.provider, candidate->fields, sealed.model);
  // Also without a verdict: the candidate may have been shown to its provider.
  if (!facts.ok()) {
    const AuditRow row = RefusedRow(action, actor, slot, facts.status());
    absl::Status written = co_await log_.Write(row);
    if (!written.ok()) co_return written;
    co_return facts.status();
  }
  facts->phone_number = candidate->phone_number;
  co_return Passed{*std::move(candidate), *std::move(facts), sealed.model};
}

// Before its provider hears of it.
Task<absl::StatusOr<Candidate>> Vault::Admit(const KeySlot& slot, const SealedCandidate& sealed) {
  absl::StatusOr<Candidate> candidate = intake_.Parse(slot, sealed);
  if (!candidate.ok()) co_return candidate;
  absl::Status allowed = co_await probes_.Take(slot.tenant);
  if (!allowed.ok()) co_return allowed;
  co_return candidate;
}

Task<absl::StatusOr<std::optional<SavedKey>>> Vault::FindDone(const SaveRequest& request) {
  absl::StatusOr<std::optional<SavedRequest>> saved =
      co_await store_.FindRequest(request.slot.tenant, request.id);
  if (!saved.ok()) co_return saved.status();
  if (!saved->has_value()) co_return std::nullopt;
  if ((*saved)->slot != request.slot) {
    co_return Malformed("The request id was used for another key. Use a new one for each save.");
  }
  absl::StatusOr<StoredKey> key = co_await store_.Find(request.slot);
  if (!key.ok()) co_return key.status();
  co_return SavedKey{std::move(key->info), {}};
}

Task<absl::StatusOr<KeyInfo>> Vault::Store(const SaveRequest& request, const Passed& passed,
                                           const Actor& actor) {
  const std::string fresh = envelope_.MakeTenantKey(request.slot.tenant.text());
  absl::StatusOr<std::string> tenant_key =
      co_await store_.EnsureTenantKey(request.slot.tenant, fresh);
  if (!tenant_key.ok()) co_return tenant_key.status();
  absl::StatusOr<KeyInfo> info = co_await NextVersion(request.slot, passed);
  if (!info.ok()) co_return info.status();
  absl::StatusOr<secret::SealedKey> sealed =
      envelope_.Seal(*tenant_key, AddressOf(*info), passed.candidate.fields);
  if (!sealed.ok()) co_return sealed.status();

  const NewVersion version(*info, *std::move(sealed), request.id);
  absl::Status saved = co_await store_.Save(version, actor);
  if (!saved.ok()) co_return saved;
  co_return info;
}

Task<absl::StatusOr<KeyInfo>> Vault::NextVersion(const KeySlot& slot, const Passed& passed) {
  absl::StatusOr<StoredKey> current = co_await store_.Find(slot);
  if (!current.ok() && !absl::IsNotFound(current.status())) co_return current.status();
  const absl::Time now = clock_.Now();
  KeyInfo info{
      KeyId::Make(random_), slot, 1,  KeyStatus::kValid, passed.candidate.preview, now, now,
      passed.facts,         now,  "", passed.model};
  if (current.ok()) {
    info.id = current->info.id;
    info.version = current->info.version + 1;
    info.create_time = current->info.create_time;
  }
  co_return info;
}

}  // namespace latchkey::keyvault
