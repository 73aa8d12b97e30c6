// RequestSigner: has requests to tenants' servers signed, without their secrets coming here.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/base/id.h"
#include "lib/base/task.h"
#include "lib/rpc/client.h"

namespace latchkey::orchestrator {

class RequestSigner {
 public:
  virtual ~RequestSigner() = default;

  // HMAC-SHA256 of `message` under the tenant's signing secret, and then, for a day after it was
  // replaced, under the one before it.
  //   kFailedPrecondition  signing_secret_missing
  //   kUnavailable         keyvault_unreachable
  virtual Task<absl::StatusOr<std::vector<std::string>>> Sign(const TenantId& tenant,
                                                              const std::string& message) = 0;
};

// By KeyVault.Sign.
class KeyvaultSigner final : public RequestSigner {
 public:
  // `peers` outlives it.
  KeyvaultSigner(rpc::Peers& peers, std::string_view address)
      : keyvault_(peers, "keyvault", address) {}

  Task<absl::StatusOr<std::vector<std::string>>> Sign(const TenantId& tenant,
                                                      const std::string& message) override;

 private:
  rpc::Client<keyvault::v1::KeyVault> keyvault_;
};

}  // namespace latchkey::orchestrator
