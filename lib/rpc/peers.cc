#include "lib/rpc/peers.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <string>

namespace latchkey::rpc {

std::shared_ptr<grpc::Channel> Peers::Connect(std::string_view expected, std::string_view address) {
  const std::lock_guard lock(mutex_);
  return Connect(identity_, expected, address);
}

void Peers::Follow(std::string_view expected, std::string_view address, std::weak_ptr<void> owner,
                   const Follower& follower) {
  const std::lock_guard lock(mutex_);
  std::erase_if(followed_, [](const Followed& one) { return one.owner.expired(); });
  follower(Connect(identity_, expected, address));
  followed_.push_back({std::string(expected), std::string(address), std::move(owner), follower});
}

void Peers::Renew(TlsIdentity identity) {
  const std::lock_guard lock(mutex_);
  identity_ = std::move(identity);
  for (const Followed& one : followed_) {
    const std::shared_ptr<void> owner = one.owner.lock();
    if (owner) one.follower(Connect(identity_, one.expected, one.address));
  }
}

std::shared_ptr<grpc::Channel> Peers::Connect(const TlsIdentity& identity,
                                              std::string_view expected, std::string_view address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 30'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // Against its name: how long one attempt may take, TLS included. A busy host needs its time.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2'000);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // Shares no other channel's identity.
  return grpc::CreateCustomChannel(std::string(address), ClientTls(identity, expected), arguments);
}

}  // namespace latchkey::rpc
