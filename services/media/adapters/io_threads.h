// IoThreads: the threads that calls are pinned to, one io context each.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "lib/base/spawn.h"

namespace latchkey::media {

class IoThreads {
 public:
  // `count` 0: one for each core. They begin to run at once.
  explicit IoThreads(size_t count);
  ~IoThreads();

  size_t size() const { return threads_.size(); }
  Executor executor(size_t i) { return threads_[i]->io.get_executor(); }
  // Stops and joins. Idempotent; after that nothing runs on them.
  void Join();

 private:
  struct One {
    boost::asio::io_context io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        io.get_executor()};
    std::thread thread;
  };
  std::vector<std::unique_ptr<One>> threads_;
};

}  // namespace latchkey::media
