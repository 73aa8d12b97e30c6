#include "lib/secret/envelope.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "lib/base/error.h"
#include "lib/secret/blob.h"
#include "lib/secret/mac.h"

namespace latchkey::secret {

namespace {

constexpr std::string_view kFingerprintContext = "lkfinger";

AdditionalData TenantKeyData(std::string_view tenant_id) {
  return {"latchkey tenant key v1", tenant_id};
}

AdditionalData DataKeyData(const KeyAddress& address) {
  return {"latchkey data key v1",           address.tenant_id, address.number_id,
          fmt::to_string(address.provider), address.key_id,    fmt::to_string(address.version)};
}

AdditionalData FieldData(const KeyAddress& address, std::string_view field) {
  return {"latchkey stored key v1",
          address.tenant_id,
          address.number_id,
          fmt::to_string(address.provider),
          address.key_id,
          fmt::to_string(address.version),
          field};
}

// A row that we wrote and cannot open is not the caller's fault.
absl::Status Damaged() {
  return Error(absl::StatusCode::kInternal, "blob_unreadable",
               "A stored key cannot be opened: its row is damaged, or was moved. Save it again.");
}

absl::Status RootKeyUnknown(std::string_view wanted, const KeyRing& ring) {
  return Error(absl::StatusCode::kFailedPrecondition, "root_key_unknown",
               fmt::format("Stored keys are sealed under root key {}, and the key ring holds {}. "
                           "Start with the root key that they were saved with.",
                           wanted, fmt::join(ring.ids(), ", ")));
}

}  // namespace

std::string Envelope::MakeTenantKey(std::string_view tenant_id) const {
  return ring_.current().Wrap(SealingKey::Make(), TenantKeyData(tenant_id));
}

absl::StatusOr<SealingKey> Envelope::OpenTenantKey(std::string_view tenant_id,
                                                   std::string_view tenant_key) const {
  const absl::StatusOr<Blob> blob = Blob::Parse(tenant_key);
  if (!blob.ok()) return Damaged();
  const SealingKey* root = ring_.Find(blob->key_id);
  if (root == nullptr) return RootKeyUnknown(blob->key_id, ring_);
  absl::StatusOr<SealingKey> key = root->Unwrap(tenant_key, TenantKeyData(tenant_id));
  if (key.ok()) return key;
  return Error(absl::StatusCode::kFailedPrecondition, "root_key_wrong",
               fmt::format("The root key called {} is not the one that stored keys are sealed "
                           "under. Start with the root key that they were saved with.",
                           blob->key_id));
}

absl::Status Envelope::CheckTenantKey(std::string_view tenant_id,
                                      std::string_view tenant_key) const {
  return OpenTenantKey(tenant_id, tenant_key).status();
}

absl::StatusOr<std::string> Envelope::Rewrap(std::string_view tenant_id,
                                             std::string_view tenant_key) const {
  const absl::StatusOr<SealingKey> tenant = OpenTenantKey(tenant_id, tenant_key);
  if (!tenant.ok()) return tenant.status();
  return ring_.current().Wrap(*tenant, TenantKeyData(tenant_id));
}

absl::StatusOr<SealedKey> Envelope::Seal(std::string_view tenant_key, const KeyAddress& address,
                                         const KeyFields& fields) const {
  const absl::StatusOr<SealingKey> tenant = OpenTenantKey(address.tenant_id, tenant_key);
  if (!tenant.ok()) return tenant.status();
  const SealingKey data_key = SealingKey::Make();
  SealedKey sealed;
  sealed.data_key = tenant->Wrap(data_key, DataKeyData(address));
  for (const auto& [name, value] : fields) {
    sealed.fields[name] = data_key.Seal(value, FieldData(address, name));
  }
  sealed.fingerprint = Mac::Fingerprint(tenant->Derive(1, kFingerprintContext), fields);
  return sealed;
}

absl::StatusOr<KeyFields> Envelope::Open(std::string_view tenant_key, const KeyAddress& address,
                                         const SealedKey& sealed) const {
  const absl::StatusOr<SealingKey> tenant = OpenTenantKey(address.tenant_id, tenant_key);
  if (!tenant.ok()) return tenant.status();
  const absl::StatusOr<SealingKey> data_key = tenant->Unwrap(sealed.data_key, DataKeyData(address));
  if (!data_key.ok()) return Damaged();
  KeyFields fields;
  for (const auto& [name, blob] : sealed.fields) {
    absl::StatusOr<Secret> value = data_key->Open(blob, FieldData(address, name));
    if (!value.ok()) return Damaged();
    fields.Put(name, *std::move(value));
  }
  return fields;
}

}  // namespace latchkey::secret
