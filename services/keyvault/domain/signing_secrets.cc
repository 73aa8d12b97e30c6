#include "services/keyvault/domain/signing_secrets.h"

#include "lib/base/error.h"
#include "lib/secret/mac.h"
#include "services/keyvault/domain/reasons.h"
#include "services/keyvault/domain/vault.h"

namespace latchkey::keyvault {

namespace {

using secret::kSigningSecretField;

absl::Status Malformed(std::string_view sentence) {
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest, sentence);
}

// No provider and no id of a key: no key's blob opens here, and no secret's blob opens as a key.
secret::KeyAddress AddressOf(const TenantId& tenant, int version) {
  return {.tenant_id = tenant.text(),
          .number_id = "",
          .provider = secret::kNoProvider,
          .key_id = std::string(kSigningSecretField),
          .version = version};
}

}  // namespace

Task<absl::StatusOr<int>> SigningSecrets::Set(const NewSigningSecret& request, const Actor& actor) {
  if (request.request_id.empty() || request.request_id.size() > kRequestIdBytesMax) {
    co_return Malformed("A request id has 1 to 64 characters.");
  }
  absl::StatusOr<bool> known = co_await store_.KnowsRequest(request.tenant, request.request_id);
  if (!known.ok()) co_return known.status();
  if (*known) {
    co_return Error(absl::StatusCode::kAlreadyExists, reason::kSigningSecretSet,
                    "This request has set a signing secret already, which is shown only once. "
                    "Make another one with a new request id.");
  }
  absl::StatusOr<Secret> opened =
      intake_.OpenSigningSecret(request.tenant, request.intake_key_id, request.sealed);
  if (!opened.ok()) co_return opened.status();
  const std::string fresh = envelope_.MakeTenantKey(request.tenant.text());
  absl::StatusOr<std::string> tenant_key = co_await keys_.EnsureTenantKey(request.tenant, fresh);
  if (!tenant_key.ok()) co_return tenant_key.status();
  absl::StatusOr<std::optional<StoredSigningSecret>> current = co_await store_.Find(request.tenant);
  if (!current.ok()) co_return current.status();
  const int version = current->has_value() ? (*current)->version + 1 : 1;
  secret::KeyFields fields;
  fields.Put(kSigningSecretField, *std::move(opened));
  absl::StatusOr<secret::SealedKey> sealed =
      envelope_.Seal(*tenant_key, AddressOf(request.tenant, version), fields);
  if (!sealed.ok()) co_return sealed.status();
  const SigningSecretVersion made(request.tenant, version, request.request_id, *std::move(sealed));
  absl::Status saved = co_await store_.Save(made, actor);
  if (!saved.ok()) co_return saved;
  co_return version;
}

Task<absl::StatusOr<Signatures>> SigningSecrets::Sign(const TenantId& tenant,
                                                      const std::string& message) {
  if (message.size() > kSignedBytesMax) co_return Malformed("A message has at most 64 KiB.");
  absl::StatusOr<std::optional<StoredSigningSecret>> found = co_await store_.Find(tenant);
  if (!found.ok()) co_return found.status();
  if (!found->has_value()) {
    co_return Error(absl::StatusCode::kFailedPrecondition, reason::kSigningSecretMissing,
                    "The tenant has no signing secret. Make one with POST /v1/signing-secret.");
  }
  const StoredSigningSecret& stored = **found;
  Signatures signatures;
  absl::StatusOr<std::string> mac = SignWith(stored, stored.version, stored.sealed, message);
  if (!mac.ok()) co_return mac.status();
  signatures.current = *std::move(mac);
  if (!stored.previous.has_value()) co_return signatures;
  mac = SignWith(stored, stored.version - 1, *stored.previous, message);
  if (!mac.ok()) co_return mac.status();
  signatures.previous = *std::move(mac);
  co_return signatures;
}

absl::StatusOr<std::string> SigningSecrets::SignWith(const StoredSigningSecret& stored, int version,
                                                     const secret::SealedKey& sealed,
                                                     const std::string& message) const {
  const absl::StatusOr<secret::KeyFields> fields =
      envelope_.Open(stored.tenant_key, AddressOf(stored.tenant, version), sealed);
  if (!fields.ok()) return fields.status();
  const Secret* key = fields->Find(kSigningSecretField);
  if (key == nullptr) {
    return Error(absl::StatusCode::kInternal, "blob_unreadable",
                 "The signing secret's row is damaged. Set a new one.");
  }
  return secret::Mac::HmacSha256(*key, message);
}

}  // namespace latchkey::keyvault
