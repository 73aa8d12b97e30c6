#include "sandbox/speech/workers.h"

#include "lib/base/error.h"

namespace latchkey::sandbox {

Workers::Workers(size_t threads, size_t queue_max) : queue_max_(queue_max), pool_(threads) {}

Workers::~Workers() { pool_.join(); }

bool Workers::Post(std::function<void()> job) {
  if (unfinished_.fetch_add(1) >= queue_max_) {
    unfinished_.fetch_sub(1);
    return false;
  }
  boost::asio::post(pool_, [this, job = std::move(job)]() {
    job();
    unfinished_.fetch_sub(1);
  });
  return true;
}

absl::Status Workers::QueueFull() {
  return Error(absl::StatusCode::kResourceExhausted, "speech_queue_full",
               "Too much speech is waiting for the sandbox's workers. Use the fingerprint engine, "
               "or place fewer calls at a time.");
}

}  // namespace latchkey::sandbox
