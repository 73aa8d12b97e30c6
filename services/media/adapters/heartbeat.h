// Heartbeat: tells dialer every second that this instance lives, and how much room it has.
#pragma once

#include <string>

#include "latchkey/dialer/v1/dialer.grpc.pb.h"
#include "lib/base/task.h"
#include "lib/rpc/client.h"
#include "services/media/adapters/switchboard.h"

namespace latchkey::media {

// Lives on the host's io thread.
class Heartbeat {
 public:
  // `incarnation` is new for each start of the process.
  Heartbeat(rpc::Client<dialer::v1::Dialer>& dialer, const Switchboard& switchboard,
            std::string incarnation);

  // `address` is where dialer reaches our gRPC server.
  void SetAddress(std::string address) { address_ = std::move(address); }
  // For ever; spawn it.
  Task<void> Run();
  Task<void> Beat();

 private:
  rpc::Client<dialer::v1::Dialer>& dialer_;
  const Switchboard& switchboard_;
  const std::string incarnation_;
  std::string address_;
  bool heard_ = true;
};

}  // namespace latchkey::media
