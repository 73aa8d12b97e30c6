// GrpcSigning: KeyVault's methods about signing secrets.
#pragma once

#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "lib/rpc/call_context.h"
#include "services/keyvault/domain/signing_secrets.h"

namespace latchkey::keyvault {

// Converts, calls the domain, converts. What it is made from outlives it.
class GrpcSigning {
 public:
  explicit GrpcSigning(SigningSecrets& secrets) : secrets_(secrets) {}

  Task<absl::Status> SetSigningSecret(const rpc::CallContext& context,
                                      const v1::SetSigningSecretRequest& request,
                                      v1::SetSigningSecretResponse& response);
  Task<absl::Status> Sign(const rpc::CallContext& context, const v1::SignRequest& request,
                          v1::SignResponse& response);

 private:
  SigningSecrets& secrets_;
};

}  // namespace latchkey::keyvault
