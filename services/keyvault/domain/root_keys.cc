#include "services/keyvault/domain/root_keys.h"

#include <fmt/format.h>

#include <utility>

#include "lib/base/error.h"
#include "lib/secret/blob.h"
#include "lib/secret/envelope.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

absl::Status Needed(int64_t rows, std::string_view sentence) {
  return Error(absl::StatusCode::kFailedPrecondition, reason::kRootKeyNeeded, sentence,
               {{"rows", std::to_string(rows)}});
}

absl::Status Unknown() {
  return Error(absl::StatusCode::kFailedPrecondition, reason::kRootKeyUnknown,
               "The key ring has no root key of this id, so nothing was retired. Give an id as it "
               "stands in the ring's file; if its line was taken out, put it back first.");
}

absl::Status Retired(const std::string& id) {
  return Error(absl::StatusCode::kFailedPrecondition, reason::kRootKeyRetired,
               fmt::format("The root key {} was retired, and the key ring calls it current. Name "
                           "another one current.",
                           id));
}

}  // namespace

Task<absl::Status> RootKeys::Check(const secret::KeyRing& ring) {
  absl::StatusOr<std::vector<std::pair<TenantId, std::string>>> samples =
      co_await keys_.SampleTenantKeys();
  if (!samples.ok()) co_return samples.status();
  const secret::Envelope envelope(ring);
  for (const auto& [tenant, tenant_key] : *samples) {
    absl::Status opened = envelope.CheckTenantKey(tenant.text(), tenant_key);
    if (!opened.ok()) co_return opened;
  }
  const std::string current = ring.current().id();
  absl::StatusOr<bool> retired = co_await store_.IsRetired(current);
  if (!retired.ok()) co_return retired.status();
  if (*retired) co_return Retired(current);
  co_return absl::OkStatus();
}

Task<absl::Status> RootKeys::Check() { co_return co_await Check(ring_); }

Task<absl::Status> RootKeys::Take(secret::KeyRing fresh) {
  absl::Status checked = co_await Check(fresh);
  if (!checked.ok()) co_return checked;
  ring_ = std::move(fresh);
  intake_.Follow(ring_);
  co_return absl::OkStatus();
}

Task<absl::Status> RootKeys::Retire(const std::string& root_key_id, const Actor& actor) {
  if (root_key_id.empty() || root_key_id.size() > secret::Blob::kKeyIdBytesMax) {
    co_return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest,
                    "root_key_id has 1 to 64 characters, as in the key ring.");
  }
  if (root_key_id == ring_.current().id()) {
    co_return Needed(0, "The root key is the current one. Name another one current first.");
  }
  if (ring_.Find(root_key_id) == nullptr) {
    absl::StatusOr<bool> before = co_await store_.IsRetired(root_key_id);
    if (!before.ok()) co_return before.status();
    if (*before) co_return absl::OkStatus();
    co_return Unknown();
  }
  absl::StatusOr<int64_t> rows = co_await store_.Retire(root_key_id, actor);
  if (!rows.ok()) co_return rows.status();
  if (*rows == 0) co_return absl::OkStatus();
  co_return Needed(
      *rows, fmt::format("{} tenants' keys are wrapped by the root key. Rewrap first.", *rows));
}

Task<absl::StatusOr<RootKeyCount>> RootKeys::Count() {
  absl::StatusOr<std::vector<RootKeyRows>> rows = co_await store_.CountByRootKey();
  if (!rows.ok()) co_return rows.status();
  RootKeyCount count{ring_.current().id(), 0, 0, *std::move(rows)};
  for (const RootKeyRows& one : count.by_key) {
    count.total += one.rows;
    if (one.root_key_id != count.current) count.left += one.rows;
  }
  co_return count;
}

}  // namespace latchkey::keyvault
