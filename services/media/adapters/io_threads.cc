#include "services/media/adapters/io_threads.h"

#include <algorithm>

namespace latchkey::media {

IoThreads::IoThreads(size_t count) {
  if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
  for (size_t i = 0; i < count; ++i) {
    threads_.push_back(std::make_unique<One>());
    One& one = *threads_.back();
    one.thread = std::thread([&one] { one.io.run(); });
  }
}

IoThreads::~IoThreads() { Join(); }

void IoThreads::Join() {
  for (const std::unique_ptr<One>& one : threads_) {
    one->io.stop();
    if (one->thread.joinable()) one->thread.join();
  }
}

}  // namespace latchkey::media
