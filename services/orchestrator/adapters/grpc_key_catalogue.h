// GrpcKeyCatalogue: what keyvault tells about a tenant's keys, by KeyVault.ListKeys.
#pragma once

#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/rpc/client.h"
#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

class GrpcKeyCatalogue final : public KeyCatalogue {
 public:
  // `peers` outlives it.
  GrpcKeyCatalogue(rpc::Peers& peers, std::string_view address)
      : keyvault_(peers, "keyvault", address) {}

  Task<absl::StatusOr<std::vector<SavedKey>>> List(const TenantId& tenant) override;
  Task<absl::StatusOr<std::map<NumberId, std::string>>> ListNumberKeys(
      const TenantId& tenant) override;

 private:
  // All of the tenant's keys, and its numbers'.
  Task<absl::StatusOr<std::vector<keyvault::v1::Key>>> ListAll(const TenantId& tenant);

  rpc::Client<keyvault::v1::KeyVault> keyvault_;
};

}  // namespace latchkey::orchestrator
