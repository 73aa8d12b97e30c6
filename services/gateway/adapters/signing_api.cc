#include "services/gateway/adapters/signing_api.h"

#include <array>
#include <utility>

#include "lib/base/base64.h"
#include "lib/base/id.h"
#include "lib/secret/sealed_box.h"

namespace latchkey::gateway {
namespace {

using keyvault::v1::KeyVault;

constexpr absl::Duration kCallLimit = absl::Seconds(5);
// What standardwebhooks.com names: its prefix, and a size between 24 and 64 bytes.
constexpr std::string_view kPrefix = "whsec_";
constexpr size_t kSecretBytes = 32;

// A new secret: sealed for keyvault, and as the tenant is shown it.
struct Made {
  std::string sealed;
  std::string shown;
};

absl::StatusOr<Made> Make(const std::string& tenant_id, std::string_view public_key,
                          Random& random) {
  const absl::StatusOr<secret::BoxPublicKey> receiver = secret::BoxPublicKey::Parse(public_key);
  if (!receiver.ok()) return receiver.status();
  std::array<uint8_t, kSecretBytes> bytes{};
  random.Fill(bytes);
  Made made{.sealed = "", .shown = std::string(kPrefix)};
  AppendBase64(bytes, made.shown);
  std::string clear(bytes.begin(), bytes.end());
  const Secret secret = Secret::Take(clear);
  bytes.fill(0);
  absl::StatusOr<std::string> sealed = secret::SealedBox::Seal(
      *receiver, secret,
      secret::BindCandidate(tenant_id, "", secret::kNoProvider, secret::kSigningSecretField));
  if (!sealed.ok()) return sealed.status();
  made.sealed = *std::move(sealed);
  return made;
}

}  // namespace

Task<absl::StatusOr<Reply>> SigningApi::Create(const ApiRequest& request) {
  const std::string tenant_id = request.tenant.tenant_id();
  const rpc::CallOptions options(kCallLimit, "", tenant_id);
  const keyvault::v1::GetIntakeKeyRequest ask;
  absl::StatusOr<keyvault::v1::GetIntakeKeyResponse> intake =
      co_await rpc::Call(keyvault_, &KeyVault::Stub::PrepareAsyncGetIntakeKey, ask, options);
  if (!intake.ok()) co_return intake.status();
  absl::StatusOr<Made> made = Make(tenant_id, intake->public_key(), random_);
  if (!made.ok()) co_return made.status();
  keyvault::v1::SetSigningSecretRequest set;
  set.set_request_id(request.idempotency_key.empty() ? MakeIdText("req_", random_)
                                                     : request.idempotency_key);
  set.set_tenant_id(tenant_id);
  set.set_intake_key_id(intake->intake_key_id());
  set.set_sealed(std::move(made->sealed));
  absl::StatusOr<keyvault::v1::SetSigningSecretResponse> kept =
      co_await rpc::Call(keyvault_, &KeyVault::Stub::PrepareAsyncSetSigningSecret, set, options);
  if (!kept.ok()) co_return kept.status();
  Reply reply;
  reply.status = 201;
  reply.body = {{"secret", made->shown}, {"version", kept->version()}};
  secret::Wipe(made->shown);
  co_return reply;
}

}  // namespace latchkey::gateway
