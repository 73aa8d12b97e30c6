#include "lib/base/spawn.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <list>
#include <utility>

#include "lib/base/check.h"
#include "lib/base/log.h"
#include "lib/base/metrics.h"

namespace latchkey {

namespace asio = boost::asio;

namespace {

metrics::Gauge& LiveTasks(const std::string& name) {
  return metrics::MakeGauge("latchkey_tasks_live",
                            "Coroutines that run unawaited, by what they do.", {{"task", name}});
}

// The end of a cancelled coroutine arrives as Asio's operation_aborted; that is no mistake.
void LogStray(const std::string& name, const std::exception_ptr& thrown) {
  if (!thrown) return;
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) return;
    log::Error("a task ended with an exception", {{"task", name}, {"what", error.what()}});
  } catch (const std::exception& error) {
    log::Error("a task ended with an exception", {{"task", name}, {"what", error.what()}});
  } catch (...) {
    log::Error("a task ended with an exception", {{"task", name}});
  }
}

}  // namespace

void Spawn(const Executor& executor, std::string name, Task<void> task) {
  metrics::Gauge& live = LiveTasks(name);
  live.Add(1);
  asio::co_spawn(executor, std::move(task),
                 [name = std::move(name), &live](const std::exception_ptr& thrown) {
                   live.Add(-1);
                   LogStray(name, thrown);
                 });
}

struct Group::State {
  explicit State(Executor on) : executor(std::move(on)) {}

  Executor executor;
  std::list<asio::cancellation_signal> signals;  // One for each live task.
  std::list<std::shared_ptr<asio::steady_timer>> joiners;
};

Group::Group(Executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

Group::~Group() {
  Check(state_->signals.empty(), "a group outlives its tasks: await Join() first");
}

void Group::Spawn(std::string name, Task<void> task) {
  metrics::Gauge& live = LiveTasks(name);
  live.Add(1);
  const auto signal = state_->signals.emplace(state_->signals.end());
  const asio::cancellation_slot slot = signal->slot();
  auto ended = [name = std::move(name), &live, signal,
                state = state_](const std::exception_ptr& thrown) {
    live.Add(-1);
    LogStray(name, thrown);
    state->signals.erase(signal);
    if (!state->signals.empty()) return;
    for (const auto& joiner : state->joiners) joiner->cancel();
  };
  asio::co_spawn(state_->executor, std::move(task),
                 asio::bind_cancellation_slot(slot, std::move(ended)));
}

void Group::Cancel() {
  // A task may end, and leave the list, while it is being told.
  auto next = state_->signals.begin();
  while (next != state_->signals.end()) {
    const auto signal = next++;
    signal->emit(asio::cancellation_type::all);
  }
}

Task<void> Group::Join() {
  const std::shared_ptr<State> state = state_;
  if (state->signals.empty()) co_return;
  const auto joiner =
      std::make_shared<asio::steady_timer>(state->executor, asio::steady_timer::time_point::max());
  state->joiners.push_back(joiner);
  boost::system::error_code woken;
  co_await joiner->async_wait(asio::redirect_error(asio::use_awaitable, woken));
  state->joiners.remove(joiner);
}

size_t Group::size() const { return state_->signals.size(); }

}  // namespace latchkey
