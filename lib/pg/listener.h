// Listener: hears NOTIFY on one channel, over a connection of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "lib/pg/connection.h"

namespace latchkey::pg {

// What is told by NOTIFY may be lost with a connection: a Listener makes its user look sooner, and
// never replaces looking from time to time. Lives on one io thread. The connection is direct or
// session-pooled: LISTEN does not survive transaction pooling.
class Listener {
 public:
  // `channel` is a constant, of lower-case letters and '_'. `told` is called on the io thread after
  // every NOTIFY (several that come together are one), and each time that the connection has been
  // made, since something may have been missed before.
  Listener(Executor executor, std::string conninfo, std::string channel,
           std::function<void()> told);

  // Listens for ever, and connects again when the connection is lost (50 ms to 1 s apart). Spawn
  // it; cancelling ends it.
  Task<void> Run();

 private:
  Task<absl::Status> ListenOnce();

  Executor executor_;
  const std::string conninfo_;
  const std::string channel_;
  const std::function<void()> told_;
  int failures_ = 0;  // Since the connection last stood.
};

}  // namespace latchkey::pg
