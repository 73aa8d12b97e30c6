// Peers: the clients' side of a process: its identity, and the thread of its outgoing RPCs.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/completion_queue.h>

#include <memory>
#include <string_view>
#include <utility>

#include "lib/rpc/poller.h"
#include "lib/rpc/tls.h"

namespace latchkey::rpc {

// Outlives every client made with it, and every call in flight; the io contexts that await calls
// outlive it, since its thread posts to them. A Host has one (host.peers()).
class Peers {
 public:
  explicit Peers(TlsIdentity identity) : identity_(std::move(identity)) {}

  // A channel to `expected` ("keyvault", or "media/m1" for that instance alone) at `address`
  // ("127.0.0.1:7001"). Connects on first use, keeps alive, reconnects with a back-off of at most
  // 2 s, retries nothing. Channels with different `expected` never share a connection.
  std::shared_ptr<grpc::Channel> Connect(std::string_view expected, std::string_view address);

  grpc::CompletionQueue* queue() { return poller_.queue(); }

 private:
  TlsIdentity identity_;
  Poller poller_{std::make_unique<grpc::CompletionQueue>(), "rpc-client"};
};

}  // namespace latchkey::rpc
