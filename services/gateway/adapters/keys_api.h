// Keys API: provider keys come in here, and leave sealed to keyvault at once.
#pragma once

#include <optional>

#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/base/random.h"
#include "lib/rpc/client.h"
#include "services/gateway/adapters/api_request.h"
#include "services/gateway/adapters/key_sealer.h"

namespace latchkey::gateway {

// Lives on the io thread. What it is made from outlives it.
class KeysApi {
 public:
  KeysApi(rpc::Client<keyvault::v1::KeyVault>& keyvault, KeySealer& sealer, Random& random)
      : keyvault_(keyvault), sealer_(sealer), random_(random) {}

  Task<absl::StatusOr<Reply>> List(const ApiRequest& request);
  // Body: the fields of the provider's key, in camelCase: {"apiKey": "…"}, or for Twilio
  // {"accountSid": "…", "authToken": "…", "phoneNumber": "…"}.
  Task<absl::StatusOr<Reply>> Test(ApiRequest& request);
  Task<absl::StatusOr<Reply>> Put(ApiRequest& request);
  Task<absl::StatusOr<Reply>> Delete(const ApiRequest& request);
  // What was done with the tenant's keys of a provider, and what was refused; newest first, by
  // page.
  Task<absl::StatusOr<Reply>> ListUses(const ApiRequest& request);
  Task<absl::StatusOr<Reply>> Revalidate(const ApiRequest& request);

 private:
  rpc::Client<keyvault::v1::KeyVault>& keyvault_;
  KeySealer& sealer_;
  Random& random_;
};

}  // namespace latchkey::gateway
