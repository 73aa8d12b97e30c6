// The methods of latchkey.keyvault.v1.KeyVault that are about the health of keys.
#pragma once

#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "lib/rpc/call_context.h"
#include "services/keyvault/domain/checkups.h"
#include "services/keyvault/domain/observations.h"

namespace latchkey::keyvault {

// Lives on the host's io thread. What it is made from outlives it.
class GrpcHealth {
 public:
  explicit GrpcHealth(Checkups& checkups) : checkups_(checkups) {}

  Task<absl::Status> Revalidate(const rpc::CallContext& context,
                                const v1::RevalidateRequest& request,
                                v1::RevalidateResponse& response);

 private:
  Checkups& checkups_;
};

using ObservationsProto = google::protobuf::RepeatedPtrField<v1::LeaseObservation>;

// kInvalidArgument `malformed_request`: what is not the id of a lease. An answer that a younger
// media may know is passed over.
absl::StatusOr<std::vector<LeaseObservation>> ParseObservations(const ObservationsProto& protos);

}  // namespace latchkey::keyvault
