// Await: runs a coroutine to its end in a test, on an io context of its own.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "lib/base/task.h"

namespace latchkey {

template <typename T>
Task<void> KeepResult(Task<T> task, std::optional<T>& result) {
  result = co_await std::move(task);
}

// Runs `task` on `io` until it ends; everything else that `io` holds runs meanwhile.
template <typename T>
T Await(boost::asio::io_context& io, Task<T> task) {
  std::optional<T> result;
  bool ended = false;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, KeepResult(std::move(task), result), [&](std::exception_ptr thrown) {
    ended = true;
    failure = thrown;
  });
  io.restart();
  while (!ended && io.run_one() > 0) {
  }
  if (failure) std::rethrow_exception(failure);
  return std::move(*result);
}

inline void Await(boost::asio::io_context& io, Task<void> task) {
  bool ended = false;
  std::exception_ptr failure;
  boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr thrown) {
    ended = true;
    failure = thrown;
  });
  io.restart();
  while (!ended && io.run_one() > 0) {
  }
  if (failure) std::rethrow_exception(failure);
}

// The same on a context of its own, for code that needs nothing else to run.
template <typename T>
T Await(Task<T> task) {
  boost::asio::io_context io(1);
  return Await(io, std::move(task));
}

}  // namespace latchkey
