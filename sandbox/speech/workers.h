// Workers: threads for speech work, which would stall an io thread.
#pragma once

#include <atomic>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <utility>

#include "absl/status/statusor.h"
#include "lib/base/task.h"

namespace latchkey::sandbox {

// Joined by its destructor; jobs that wait then still run.
class Workers {
 public:
  // More than `queue_max` unfinished jobs are refused: a scenario that asks for more speech than
  // the machine can make should fail loudly, not fall behind.
  explicit Workers(size_t threads, size_t queue_max = 4096);
  ~Workers();

  // Runs `job` on a worker and resumes the caller where it was.
  // kResourceExhausted `speech_queue_full` when too many wait.
  template <typename T>
  Task<absl::StatusOr<T>> Run(std::function<absl::StatusOr<T>()> job);

  // Runs `job` on a worker, without telling when it is done. False: the queue is full.
  bool Post(std::function<void()> job);

 private:
  static absl::Status QueueFull();

  const size_t queue_max_;
  std::atomic<size_t> unfinished_ = 0;
  boost::asio::thread_pool pool_;
};

template <typename T>
Task<absl::StatusOr<T>> Workers::Run(std::function<absl::StatusOr<T>()> job) {
  auto initiate = [this](auto handler, std::function<absl::StatusOr<T>()> work) {
    auto executor = boost::asio::get_associated_executor(handler);
    auto shared = std::make_shared<decltype(handler)>(std::move(handler));  // std::function copies.
    auto guard = boost::asio::make_work_guard(executor);
    auto run = [shared, executor, guard, work = std::move(work)]() {
      boost::asio::post(executor, [shared, result = work()]() mutable {
        std::move (*shared)(std::move(result));
      });
    };
    if (Post(run)) return;
    boost::asio::post(executor,
                      [shared]() { std::move (*shared)(absl::StatusOr<T>(QueueFull())); });
  };
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(absl::StatusOr<T>)>(
      std::move(initiate), boost::asio::use_awaitable, std::move(job));
}

}  // namespace latchkey::sandbox
