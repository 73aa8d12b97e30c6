// What keyvault tells: facts about keys, and whether a carrier signed a request.
#pragma once

#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/rpc/client.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

class GrpcVault final : public KeyFactsSource, public CarrierVerifier {
 public:
  explicit GrpcVault(rpc::Client<keyvault::v1::KeyVault>& keyvault) : keyvault_(keyvault) {}

  Task<absl::StatusOr<std::vector<KeyFacts>>> ListKeys(const TenantId& tenant) override;
  Task<absl::StatusOr<bool>> Verify(const KeyScope& scope, Provider carrier,
                                    const CarrierRequest& request) override;

 private:
  rpc::Client<keyvault::v1::KeyVault>& keyvault_;
};

}  // namespace latchkey::dialer
