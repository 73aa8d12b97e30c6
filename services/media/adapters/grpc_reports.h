// GrpcReports: tells dialer how calls go.
#pragma once

#include <string>

#include "latchkey/dialer/v1/dialer.grpc.pb.h"
#include "lib/rpc/client.h"
#include "services/media/domain/call_ports.h"

namespace latchkey::media {

// May be used from any io thread.
class GrpcReports final : public CallReports {
 public:
  explicit GrpcReports(rpc::Client<dialer::v1::Dialer>& client) : client_(client) {}

  Task<absl::StatusOr<bool>> Progress(const std::string& call_id, const std::string& state,
                                      const std::string& carrier_call_id, absl::Time when) override;
  Task<absl::Status> Complete(const std::string& call_id, const Outcome& outcome) override;

 private:
  rpc::Client<dialer::v1::Dialer>& client_;
};

}  // namespace latchkey::media
