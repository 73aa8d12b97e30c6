#include "tests/support/running_host.h"

#include <string>

#include "lib/base/check.h"
#include "lib/base/error.h"

namespace latchkey {

RunningHost::RunningHost(rpc::Host& host) : host_(host) {
  const absl::Status started = host_.Start();
  Check(started.ok(), Message(started));
  thread_ = std::thread([this] { host_.Run(); });
}

RunningHost::~RunningHost() {
  host_.Stop();
  thread_.join();
}

std::string RunningHost::address() const { return "127.0.0.1:" + std::to_string(host_.port()); }

}  // namespace latchkey
