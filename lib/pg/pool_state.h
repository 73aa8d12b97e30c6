// What a Pool and the connections in use share. For lib/pg alone.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <list>
#include <memory>
#include <vector>

#include "lib/pg/connection.h"
#include "lib/pg/pool.h"

namespace latchkey::pg {

// Holds a connection for as long as somebody uses it, and gives it back.
class Lessee {
 public:
  Lessee(std::shared_ptr<Pool::State> state, std::unique_ptr<Connection> connection);
  ~Lessee();
  Lessee(const Lessee&) = delete;
  Lessee& operator=(const Lessee&) = delete;

  Connection& connection() { return *connection_; }
  // While true, giving back means rolling back first.
  bool in_transaction = false;

 private:
  std::shared_ptr<Pool::State> state_;
  std::unique_ptr<Connection> connection_;
};

class Pool::State : public std::enable_shared_from_this<Pool::State> {
 public:
  State(Executor executor, PoolOptions options);

  Task<absl::StatusOr<std::unique_ptr<Lessee>>> Acquire();
  void Return(std::unique_ptr<Connection> connection, bool in_transaction);
  void Close();
  size_t size() const { return size_; }

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  struct Waiter {
    explicit Waiter(const Executor& executor) : alarm(executor) {}
    boost::asio::steady_timer alarm;
    bool woken = false;
  };

  std::unique_ptr<Connection> TakeIdle();
  bool MayConnect() const;
  Task<std::unique_ptr<Connection>> Connect();
  Task<void> WaitForTurn(TimePoint deadline, bool first);
  void Forget();
  void WakeOne();
  void WakeAll();
  absl::Status NoConnection() const;
  static Task<void> RollBack(std::shared_ptr<State> state, std::unique_ptr<Connection> connection);

  Executor executor_;
  PoolOptions options_;
  std::vector<std::unique_ptr<Connection>> idle_;  // The last one is the warmest.
  std::list<std::shared_ptr<Waiter>> waiters_;     // Shared with the coroutine that waits.
  size_t size_ = 0;                                // Idle, in use, and being made.
  bool closed_ = false;

  // While Postgres is away: one attempt at a time, not before next_attempt_.
  int failures_ = 0;
  bool attempting_ = false;
  TimePoint next_attempt_{};
};

}  // namespace latchkey::pg
