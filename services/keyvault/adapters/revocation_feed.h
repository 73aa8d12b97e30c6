// RevocationFeed: wakes those who watch revocations when there is one.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <list>
#include <string>

#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "lib/pg/listener.h"
#include "services/keyvault/domain/revocation_store.h"

namespace latchkey::keyvault {

// One look for all watchers of the process: when Postgres tells of a revocation, and every 500 ms,
// since what is told may be lost. Lives on one io thread. The store outlives it.
class RevocationFeed {
 public:
  RevocationFeed(Executor executor, std::string conninfo, RevocationStore& store);

  void Start();
  // Wakes every watcher for good, and returns when all is quiet.
  Task<void> Stop();

  // The number of the last revocation that is known of.
  int64_t head() const { return head_; }
  bool stopping() const { return stopping_; }

  // Returns when head() is above `seen`, at `until`, or when it stops.
  Task<void> AwaitAbove(int64_t seen, absl::Time until);

 private:
  Task<void> Look();
  void Ring();
  void WakeAll();

  Executor executor_;
  RevocationStore& store_;
  pg::Listener listener_;
  Group group_;
  boost::asio::steady_timer bell_;  // Runs out after a poll's time, or is rung by cancelling it.
  bool rung_ = false;
  bool stopping_ = false;
  int64_t head_ = 0;
  std::list<boost::asio::steady_timer*> waiting_;  // They live in their coroutines.
};

}  // namespace latchkey::keyvault
