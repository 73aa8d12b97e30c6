// Signing API: makes the secret that a tenant's tools verify our requests with.
#pragma once

#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/base/random.h"
#include "lib/rpc/client.h"
#include "services/gateway/adapters/api_request.h"

namespace latchkey::gateway {

// Lives on the io thread. The client and the random source outlive it.
class SigningApi {
 public:
  SigningApi(rpc::Client<keyvault::v1::KeyVault>& keyvault, Random& random)
      : keyvault_(keyvault), random_(random) {}

  // Makes a new secret, which replaces the one before at once. It goes to keyvault sealed, and
  // stands in this one answer: {"secret": "whsec_…", "version": 1}.
  Task<absl::StatusOr<Reply>> Create(const ApiRequest& request);

 private:
  rpc::Client<keyvault::v1::KeyVault>& keyvault_;
  Random& random_;
};

}  // namespace latchkey::gateway
