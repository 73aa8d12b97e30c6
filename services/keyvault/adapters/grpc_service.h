// latchkey.keyvault.v1.KeyVault over gRPC.
#pragma once

#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "lib/rpc/call_context.h"
#include "lib/secret/signature.h"
#include "services/keyvault/domain/carrier_verifier.h"
#include "services/keyvault/domain/intake.h"
#include "services/keyvault/domain/leases.h"
#include "services/keyvault/domain/observations.h"
#include "services/keyvault/domain/vault.h"

namespace latchkey::keyvault {

// Converts, calls the domain, converts. Lives on the host's io thread. What it is made from
// outlives it.
class GrpcService {
 public:
  // `dialer` verifies tickets.
  GrpcService(const IntakeParser& intake, Vault& vault, Leases& leases, CarrierVerifier& carriers,
              Observations& observations, const secret::VerifyingKey& dialer)
      : intake_(intake),
        vault_(vault),
        leases_(leases),
        carriers_(carriers),
        observations_(observations),
        dialer_(dialer) {}

  Task<absl::Status> GetIntakeKey(const rpc::CallContext& context,
                                  const v1::GetIntakeKeyRequest& request,
                                  v1::GetIntakeKeyResponse& response);
  Task<absl::Status> PutKey(const rpc::CallContext& context, const v1::PutKeyRequest& request,
                            v1::PutKeyResponse& response);
  Task<absl::Status> PutNumberKeys(const rpc::CallContext& context,
                                   const v1::PutNumberKeysRequest& request,
                                   v1::PutNumberKeysResponse& response);
  Task<absl::Status> TestKey(const rpc::CallContext& context, const v1::TestKeyRequest& request,
                             v1::TestKeyResponse& response);
  Task<absl::Status> DeleteKey(const rpc::CallContext& context, const v1::DeleteKeyRequest& request,
                               v1::DeleteKeyResponse& response);
  Task<absl::Status> ListKeys(const rpc::CallContext& context, const v1::ListKeysRequest& request,
                              v1::ListKeysResponse& response);
  Task<absl::Status> LeaseKeys(const rpc::CallContext& context, const v1::LeaseKeysRequest& request,
                               v1::LeaseKeysResponse& response);
  Task<absl::Status> RenewLeases(const rpc::CallContext& context,
                                 const v1::RenewLeasesRequest& request,
                                 v1::RenewLeasesResponse& response);
  Task<absl::Status> ReleaseLease(const rpc::CallContext& context,
                                  const v1::ReleaseLeaseRequest& request,
                                  v1::ReleaseLeaseResponse& response);
  Task<absl::Status> VerifyCarrierSignature(const rpc::CallContext& context,
                                            const v1::VerifyCarrierSignatureRequest& request,
                                            v1::VerifyCarrierSignatureResponse& response);

 private:
  Task<void> Observe(const rpc::CallContext& context,
                     const std::vector<LeaseObservation>& observations);

  const IntakeParser& intake_;
  Vault& vault_;
  Leases& leases_;
  CarrierVerifier& carriers_;
  Observations& observations_;
  const secret::VerifyingKey& dialer_;
};

}  // namespace latchkey::keyvault
