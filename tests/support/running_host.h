// RunningHost: an rpc::Host that serves on a thread of its own while a test calls it.
#pragma once

#include <thread>

#include "lib/rpc/host.h"

namespace latchkey {

// Start()s the host and Run()s it; drains it when destroyed. Register everything before.
class RunningHost {
 public:
  explicit RunningHost(rpc::Host& host);
  ~RunningHost();
  RunningHost(const RunningHost&) = delete;
  RunningHost& operator=(const RunningHost&) = delete;

  // "127.0.0.1:<port>"
  std::string address() const;

 private:
  rpc::Host& host_;
  std::thread thread_;
};

}  // namespace latchkey
