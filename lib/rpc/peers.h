// Peers: the clients' side of a process: its identity, and the thread of its outgoing RPCs.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/completion_queue.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/rpc/poller.h"
#include "lib/rpc/tls.h"

namespace latchkey::rpc {

// Outlives every client made with it, and every call in flight; the io contexts that await calls
// outlive it, since its thread posts to them. A Host has one (host.peers()).
class Peers {
 public:
  // Takes a channel, and makes its calls on it from now on.
  using Follower = std::function<void(std::shared_ptr<grpc::Channel>)>;

  explicit Peers(TlsIdentity identity) : identity_(std::move(identity)) {}

  // A channel to `expected` ("keyvault", or "media/m1" for that instance alone) at `address`
  // ("127.0.0.1:7001"). Connects on first use, keeps alive, reconnects with a back-off of at most
  // 2 s, retries nothing. Channels with different `expected` never share a connection. It keeps
  // today's certificate for ever.
  std::shared_ptr<grpc::Channel> Connect(std::string_view expected, std::string_view address);

  // Gives `follower` such a channel at once, and another one at each Renew(), while its `owner`
  // lives. From any thread.
  void Follow(std::string_view expected, std::string_view address, std::weak_ptr<void> owner,
              const Follower& follower);

  // Connections are made with `identity` from now on. What runs on the old ones goes on.
  void Renew(TlsIdentity identity);

  grpc::CompletionQueue* queue() { return poller_.queue(); }

 private:
  struct Followed {
    std::string expected;
    std::string address;
    std::weak_ptr<void> owner;
    Follower follower;
  };
  std::shared_ptr<grpc::Channel> Connect(const TlsIdentity& identity, std::string_view expected,
                                         std::string_view address);

  std::mutex mutex_;  // Connecting and renewing; no call takes it.
  TlsIdentity identity_;
  std::vector<Followed> followed_;
  Poller poller_{std::make_unique<grpc::CompletionQueue>(), "rpc-client"};
};

}  // namespace latchkey::rpc
