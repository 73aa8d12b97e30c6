// KeyVault's methods that end leases before their time, or move them to another version.
#pragma once

#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "lib/rpc/call_context.h"
#include "lib/rpc/stream.h"
#include "services/keyvault/adapters/revocation_feed.h"
#include "services/keyvault/domain/revoker.h"

namespace latchkey::keyvault {

// Converts, calls the domain, converts. Lives on the host's io thread. What it is made from
// outlives it.
class GrpcRevocations {
 public:
  GrpcRevocations(Revoker& revoker, RevocationStore& store, RevocationFeed& feed)
      : revoker_(revoker), store_(store), feed_(feed) {}

  Task<absl::Status> SwitchVersion(const rpc::CallContext& context,
                                   const v1::SwitchVersionRequest& request,
                                   v1::SwitchVersionResponse& response);
  Task<absl::Status> WatchRevocations(const rpc::CallContext& context,
                                      const v1::WatchRevocationsRequest& request,
                                      rpc::Writer<v1::WatchRevocationsResponse>& stream);
  Task<absl::Status> RevokeAll(const rpc::CallContext& context, const v1::RevokeAllRequest& request,
                               v1::RevokeAllResponse& response);

 private:
  Revoker& revoker_;
  RevocationStore& store_;
  RevocationFeed& feed_;
};

}  // namespace latchkey::keyvault
