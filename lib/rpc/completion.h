// Complete: awaits one operation of gRPC's completion-queue API.
#pragma once

#include <functional>

#include "lib/base/task.h"

namespace latchkey::rpc {

// What a completion queue gives back when an operation has ended.
class Tag {
 public:
  // Called once, on the poller's thread: hand over to an io thread and return.
  virtual void OnEvent(bool ok) = 0;

 protected:
  ~Tag() = default;
};

// Calls `start` with a tag to pass to gRPC, and returns that operation's `ok` on the io thread of
// the awaiting coroutine. The operation always runs to its end: when the coroutine is cancelled,
// `cancel` (may be null) is called to hurry it. What both refer to lives until then, which locals
// of the awaiting coroutine do.
Task<bool> Complete(std::function<void(void*)> start, std::function<void()> cancel = nullptr);

}  // namespace latchkey::rpc
