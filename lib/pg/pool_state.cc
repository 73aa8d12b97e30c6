#include "lib/pg/pool_state.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/pg/sql_error.h"

namespace latchkey::pg {

namespace asio = boost::asio;
using SteadyClock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds kBackoffMin{50};
constexpr std::chrono::milliseconds kBackoffMax{1000};

std::chrono::milliseconds Backoff(int failures) {
  return std::min(kBackoffMax, kBackoffMin * (1 << std::min(failures - 1, 5)));
}

}  // namespace

Lessee::Lessee(std::shared_ptr<Pool::State> state, std::unique_ptr<Connection> connection)
    : state_(std::move(state)), connection_(std::move(connection)) {}

Lessee::~Lessee() { state_->Return(std::move(connection_), in_transaction); }

Pool::State::State(Executor executor, PoolOptions options)
    : executor_(std::move(executor)), options_(std::move(options)) {}

Task<absl::StatusOr<std::unique_ptr<Lessee>>> Pool::State::Acquire() {
  const TimePoint deadline =
      SteadyClock::now() + absl::ToChronoMilliseconds(options_.acquire_timeout);
  if (waiters_.size() >= options_.waiters_max) co_return NoConnection();

  // Who comes while others wait takes the end of the queue.
  bool wait = !waiters_.empty();
  bool first = false;
  while (!closed_) {
    if (wait) co_await WaitForTurn(deadline, first);
    std::unique_ptr<Connection> connection = TakeIdle();
    if (connection == nullptr && MayConnect()) connection = co_await Connect();
    if (connection != nullptr) {
      co_return std::make_unique<Lessee>(shared_from_this(), std::move(connection));
    }
    if (SteadyClock::now() >= deadline) co_return NoConnection();
    wait = true;
    first = true;
  }
  co_return UnavailableError();
}

std::unique_ptr<Connection> Pool::State::TakeIdle() {
  while (!idle_.empty()) {
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->StillThere()) return connection;
    Forget();
  }
  return nullptr;
}

bool Pool::State::MayConnect() const {
  if (closed_ || size_ >= options_.connections_max) return false;
  return failures_ == 0 || (!attempting_ && SteadyClock::now() >= next_attempt_);
}

// Returns null when Postgres does not let us in.
Task<std::unique_ptr<Connection>> Pool::State::Connect() {
  ++size_;
  attempting_ = true;
  ConnectOptions options{options_.conninfo, options_.schema, options_.connect_timeout,
                         options_.statement_timeout};
  absl::StatusOr<std::unique_ptr<Connection>> made =
      co_await Connection::Connect(executor_, std::move(options));
  attempting_ = false;
  if (made.ok()) {
    if (failures_ > 0) log::Info("postgres is back", {{"failed_attempts", failures_}});
    failures_ = 0;
    WakeAll();
    co_return std::move(*made);
  }
  --size_;
  ++failures_;
  next_attempt_ = SteadyClock::now() + Backoff(failures_);
  WakeAll();  // They wait for next_attempt_ now.
  co_return nullptr;
}

// Returns when it is worth looking again, at the latest at `deadline`.
Task<void> Pool::State::WaitForTurn(TimePoint deadline, bool first) {
  const auto waiter = std::make_shared<Waiter>(executor_);
  const bool away = failures_ > 0 && !attempting_;
  waiter->alarm.expires_at(away ? std::min(deadline, next_attempt_) : deadline);
  const auto place = waiters_.insert(first ? waiters_.begin() : waiters_.end(), waiter);
  boost::system::error_code woken;
  co_await waiter->alarm.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  if (!waiter->woken) waiters_.erase(place);
}

void Pool::State::Return(std::unique_ptr<Connection> connection, bool in_transaction) {
  if (closed_ || !connection->usable()) {
    Forget();
    return;
  }
  if (in_transaction) {
    Spawn(executor_, "roll back", RollBack(shared_from_this(), std::move(connection)));
    return;
  }
  idle_.push_back(std::move(connection));
  WakeOne();
}

Task<void> Pool::State::RollBack(std::shared_ptr<State> state,
                                 std::unique_ptr<Connection> connection) {
  absl::StatusOr<Rows> rolled_back = co_await connection->RunScript("ROLLBACK");
  if (rolled_back.ok()) {
    state->Return(std::move(connection), false);
  } else {
    state->Forget();
  }
}

void Pool::State::Close() {
  closed_ = true;
  size_ -= idle_.size();
  idle_.clear();
  WakeAll();
}

void Pool::State::Forget() {
  --size_;
  WakeOne();
}

void Pool::State::WakeOne() {
  if (waiters_.empty()) return;
  const std::shared_ptr<Waiter> waiter = waiters_.front();
  waiters_.pop_front();
  waiter->woken = true;
  waiter->alarm.cancel();
}

void Pool::State::WakeAll() {
  while (!waiters_.empty()) WakeOne();
}

absl::Status Pool::State::NoConnection() const {
  if (failures_ > 0) return UnavailableError();
  return Error(absl::StatusCode::kUnavailable, "postgres_busy",
               "Too many requests wait for the database. Try again in a moment.");
}

}  // namespace latchkey::pg
