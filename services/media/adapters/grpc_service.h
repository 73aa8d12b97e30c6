// GrpcService: media's methods, as gRPC brings them.
#pragma once

#include "latchkey/media/v1/media.pb.h"
#include "lib/rpc/call_context.h"
#include "services/media/adapters/number_setup.h"
#include "services/media/adapters/settler.h"
#include "services/media/adapters/switchboard.h"

namespace latchkey::media {

// Lives on the host's io thread.
class GrpcService {
 public:
  GrpcService(Switchboard& switchboard, Settler& settler, NumberSetup& setup,
              const Addresses& addresses)
      : switchboard_(switchboard), settler_(settler), setup_(setup), addresses_(addresses) {}

  Task<absl::Status> StartCall(const rpc::CallContext& context, const v1::StartCallRequest& request,
                               v1::StartCallResponse& response);
  Task<absl::Status> ConfigureNumber(const rpc::CallContext& context,
                                     const v1::ConfigureNumberRequest& request,
                                     v1::ConfigureNumberResponse&);
  Task<absl::Status> EndCall(const rpc::CallContext& context, const v1::EndCallRequest& request,
                             v1::EndCallResponse&);
  Task<absl::Status> SettleCall(const rpc::CallContext& context,
                                const v1::SettleCallRequest& request, v1::SettleCallResponse&);

 private:
  Switchboard& switchboard_;
  Settler& settler_;
  NumberSetup& setup_;
  const Addresses& addresses_;
};

}  // namespace latchkey::media
