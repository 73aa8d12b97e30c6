// Batches: lets what comes at the same time share one transaction.
#pragma once

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <deque>
#include <functional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "lib/base/error.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"

namespace latchkey::keyvault {

// A Job has `size_t rows() const`: what it adds to a batch. The first that comes runs a batch of
// its own at once; those that come while kFlightsMax batches are under way wait, and then go
// together, up to `rows_max`. Whoever waits first runs the next batch, for all that are in it: so a
// caller that goes away does not stop it, and a job runs to its end, whose statements bound it.
// Lives on one io thread.
template <typename Job>
class Batches {
 public:
  using Execute = std::function<Task<void>(std::vector<Job*>)>;

  // `execute` leaves the result of each job in it.
  Batches(size_t rows_max, Execute execute) : rows_max_(rows_max), execute_(std::move(execute)) {}

  // Returns when the job has been executed. kUnavailable `postgres_busy`: too many wait.
  Task<absl::Status> Do(Job& job);

 private:
  struct Place {
    Place(Job& its_job, const Executor& executor) : job(its_job), bell(executor) {}
    Job& job;
    boost::asio::steady_timer bell;
    bool done = false;
  };
  static constexpr int kFlightsMax = 2;
  static constexpr size_t kWaitingMax = 1024;

  Task<void> Lead();
  std::vector<Place*> TakeBatch();

  const size_t rows_max_;
  const Execute execute_;
  std::deque<Place*> waiting_;
  int flights_ = 0;
};

template <typename Job>
Task<absl::Status> Batches<Job>::Do(Job& job) {
  namespace asio = boost::asio;
  if (waiting_.size() >= kWaitingMax) {
    co_return Error(absl::StatusCode::kUnavailable, "postgres_busy",
                    "Too many requests wait for Postgres; nothing was done. Try again.");
  }
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const auto executor = co_await asio::this_coro::executor;
  Place place(job, executor);
  waiting_.push_back(&place);
  while (!place.done) {
    if (flights_ < kFlightsMax) {
      co_await Lead();
      continue;
    }
    boost::system::error_code rung;
    place.bell.expires_at(asio::steady_timer::time_point::max());
    co_await place.bell.async_wait(asio::redirect_error(asio::use_awaitable, rung));
  }
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_return absl::OkStatus();
}

template <typename Job>
Task<void> Batches<Job>::Lead() {
  ++flights_;
  const std::vector<Place*> batch = TakeBatch();
  std::vector<Job*> jobs;
  jobs.reserve(batch.size());
  for (Place* place : batch) jobs.push_back(&place->job);
  co_await execute_(std::move(jobs));
  --flights_;
  for (Place* place : batch) {
    place->done = true;
    place->bell.cancel();
  }
  if (!waiting_.empty()) waiting_.front()->bell.cancel();  // Its coroutine runs the next one.
}

template <typename Job>
std::vector<typename Batches<Job>::Place*> Batches<Job>::TakeBatch() {
  std::vector<Place*> batch;
  size_t rows = 0;
  while (!waiting_.empty()) {
    rows += waiting_.front()->job.rows();
    if (!batch.empty() && rows > rows_max_) break;
    batch.push_back(waiting_.front());
    waiting_.pop_front();
  }
  return batch;
}

}  // namespace latchkey::keyvault
