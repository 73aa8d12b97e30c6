// Readiness: whether a service may be sent work, from the checks of its own parts.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "lib/base/task.h"

namespace latchkey::rpc {

// Lives on the host's io thread.
class Readiness {
 public:
  using CheckFunction = std::function<Task<absl::Status>()>;

  void Add(std::string name, CheckFunction check);
  // From now on the answer is "draining".
  void Drain() { draining_ = true; }

  // What is not ready, one line each: "postgres: <why>"; nothing when all is. Each check gets a
  // second.
  Task<std::vector<std::string>> NotReady();

 private:
  struct Named {
    std::string name;
    CheckFunction check;
  };
  std::vector<Named> checks_;
  bool draining_ = false;
};

}  // namespace latchkey::rpc
