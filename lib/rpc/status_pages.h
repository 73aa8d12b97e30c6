// StatusPages: /livez, /readyz and /metrics over plain HTTP/1.1, for probes and Prometheus.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"

namespace latchkey::rpc {

// GET only, one request per connection, heads of at most 8 KiB that must come within 5 s, at most
// 64 connections at a time. Nothing secret is on these pages. Lives on the host's io thread.
class StatusPages {
 public:
  // `not_ready` names what is not ready, one line each; nothing means ready.
  using ReadyCheck = std::function<Task<std::vector<std::string>>()>;

  StatusPages(Executor executor, ReadyCheck not_ready);

  // Binds "host:port". kFailedPrecondition `cannot_start`.
  absl::Status Bind(const std::string& address);
  // Begins to answer.
  void Serve();
  int port() const { return port_; }

  // Ends it; await before destroying.
  Task<void> Stop();

 private:
  Task<void> Accept();
  Task<void> ServeOne(boost::asio::ip::tcp::socket socket);
  Task<std::string> Answer(std::string head);

  const ReadyCheck not_ready_;
  boost::asio::ip::tcp::acceptor acceptor_;
  Group group_;
  int port_ = 0;
};

}  // namespace latchkey::rpc
