// Spawn: the only way to start a coroutine that nobody awaits; Group: how its owner joins it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "lib/base/task.h"

namespace latchkey {

using Executor = boost::asio::any_io_executor;

// Starts `task` on `executor`. A stray exception is logged under `name`, never lost and never
// thrown into the io thread. Everything the task uses must live until it ends: a class that spawns
// holds a Group instead. `name` is a constant ("renew leases"); it labels the metric of live tasks.
void Spawn(const Executor& executor, std::string name, Task<void> task);

// The coroutines that one object has started. Lives on one io thread.
class Group {
 public:
  explicit Group(Executor executor);
  ~Group();  // Check()s that all have ended: await Join() first.
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  void Spawn(std::string name, Task<void> task);

  // Asks all of them to stop: their next await fails.
  void Cancel();

  // Returns when all have ended, or when its caller is cancelled. A coroutine that may itself be
  // cancelled and yet must join says `co_await boost::asio::this_coro::throw_if_cancelled(false);`
  // first: its next await would fail otherwise, before this one begins.
  Task<void> Join();

  size_t size() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  // Shared with the tasks' completions, which may run last.
};

}  // namespace latchkey
