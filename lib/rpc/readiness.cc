#include "lib/rpc/readiness.h"

#include <utility>

#include "lib/base/deadline.h"
#include "lib/base/error.h"

namespace latchkey::rpc {

constexpr absl::Duration kCheckLimit = absl::Seconds(1);

void Readiness::Add(std::string name, CheckFunction check) {
  checks_.push_back({std::move(name), std::move(check)});
}

Task<std::vector<std::string>> Readiness::NotReady() {
  std::vector<std::string> not_ready;
  if (draining_) not_ready.push_back("draining");
  for (size_t i = 0; i < checks_.size(); ++i) {
    absl::Status status = co_await WithDeadline(checks_[i].check(), kCheckLimit);
    if (!status.ok()) not_ready.push_back(checks_[i].name + ": " + Message(status));
  }
  co_return not_ready;
}

}  // namespace latchkey::rpc
