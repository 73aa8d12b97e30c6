// Number keys API: a number's own OpenAI key, tested, saved and removed; on one number or on many.
#pragma once

#include <string>
#include <vector>

#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "latchkey/orchestrator/v1/orchestrator.grpc.pb.h"
#include "lib/base/random.h"
#include "lib/rpc/client.h"
#include "services/gateway/adapters/api_request.h"
#include "services/gateway/adapters/key_sealer.h"

namespace latchkey::gateway {

// Lives on the io thread. What it is made from outlives it. Saving a key is one step, in keyvault:
// that it is there makes the number BYOK, so no failure leaves the two apart.
class NumberKeysApi {
 public:
  NumberKeysApi(rpc::Client<orchestrator::v1::Orchestrator>& orchestrator,
                rpc::Client<keyvault::v1::KeyVault>& keyvault, KeySealer& sealer, Random& random)
      : orchestrator_(orchestrator), keyvault_(keyvault), sealer_(sealer), random_(random) {}

  // Body of the first two: {"apiKey": "sk-…"}. The key is tested for the number's own model.
  Task<absl::StatusOr<Reply>> Test(ApiRequest& request);
  Task<absl::StatusOr<Reply>> Put(ApiRequest& request);
  // Idempotent: a number without a key is managed already.
  Task<absl::StatusOr<Reply>> Delete(const ApiRequest& request);
  // Body: {"apiKey": "sk-…", "numberIds": ["num_…"]} or {"apiKey": "sk-…", "all": true}. 200 when
  // every number has the key then, else 207; the results say which have.
  Task<absl::StatusOr<Reply>> PutMany(ApiRequest& request);

 private:
  Task<absl::StatusOr<keyvault::v1::Candidate>> Seal(ApiRequest& request);
  Task<absl::StatusOr<orchestrator::v1::AdmittedNumber>> Admit(const ApiRequest& request);
  Task<absl::StatusOr<orchestrator::v1::AdmitNumberKeysResponse>> AdmitMany(
      const ApiRequest& request, const std::vector<NumberId>& numbers);
  std::string RequestId(const ApiRequest& request);

  rpc::Client<orchestrator::v1::Orchestrator>& orchestrator_;
  rpc::Client<keyvault::v1::KeyVault>& keyvault_;
  KeySealer& sealer_;
  Random& random_;
};

}  // namespace latchkey::gateway
