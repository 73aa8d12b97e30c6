// KeyVault's methods about root keys and what they wrap.
#pragma once

#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "lib/base/spawn.h"
#include "lib/rpc/call_context.h"
#include "services/keyvault/domain/rewrapper.h"
#include "services/keyvault/domain/root_keys.h"

namespace latchkey::keyvault {

// Converts, calls the domain, converts; and runs the rewrap beside the calls. Lives on the host's
// io thread. What it is made from outlives it; await Stop() before it goes.
class GrpcRootKeys {
 public:
  GrpcRootKeys(Executor executor, RootKeys& root_keys, RootKeyStore& store, Rewrapper& rewrapper)
      : root_keys_(root_keys), store_(store), rewrapper_(rewrapper), group_(std::move(executor)) {}

  Task<absl::Status> Rewrap(const rpc::CallContext& context, const v1::RewrapRequest& request,
                            v1::RewrapResponse& response);
  Task<absl::Status> RetireRootKey(const rpc::CallContext& context,
                                   const v1::RetireRootKeyRequest& request,
                                   v1::RetireRootKeyResponse& response);
  Task<absl::Status> ShredTenant(const rpc::CallContext& context,
                                 const v1::ShredTenantRequest& request,
                                 v1::ShredTenantResponse& response);

  // Ends a rewrap that runs.
  Task<void> Stop();

 private:
  Task<void> RunRewrap(Actor actor);

  RootKeys& root_keys_;
  RootKeyStore& store_;
  Rewrapper& rewrapper_;
  Group group_;
};

}  // namespace latchkey::keyvault
