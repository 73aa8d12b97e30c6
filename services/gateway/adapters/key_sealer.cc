#include "services/gateway/adapters/key_sealer.h"

#include <optional>
#include <utility>

namespace latchkey::gateway {
namespace {

using keyvault::v1::KeyVault;

constexpr absl::Duration kCallLimit = absl::Seconds(5);

}  // namespace

Task<absl::StatusOr<keyvault::v1::Candidate>> KeySealer::Seal(Secret body, KeyOwner owner) {
  std::optional<KeyBody> parsed = KeyBody::Parse(std::move(body));
  if (!parsed.has_value()) co_return MalformedKeyBody(owner.provider);
  co_return co_await Seal(*std::move(parsed), 0, std::move(owner));
}

Task<absl::StatusOr<keyvault::v1::Candidate>> KeySealer::Seal(KeyBody body, size_t beside,
                                                              KeyOwner owner) {
  const keyvault::v1::GetIntakeKeyRequest request;
  const rpc::CallOptions options(kCallLimit);
  absl::StatusOr<keyvault::v1::GetIntakeKeyResponse> intake =
      co_await rpc::Call(keyvault_, &KeyVault::Stub::PrepareAsyncGetIntakeKey, request, options);
  if (!intake.ok()) co_return intake.status();
  co_return SealCandidate(body, beside, owner, *intake);
}

}  // namespace latchkey::gateway
