#include "services/keyvault/adapters/revocation_feed.h"

#include <boost/asio/redirect_error.hpp>
#include <utility>

#include "lib/base/log.h"
#include "services/keyvault/adapters/revoke_leases.h"

namespace latchkey::keyvault {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds kPoll{500};

// A place in the list of those who wait, for as long as it lives: a coroutine may end at any await.
class Place {
 public:
  Place(std::list<asio::steady_timer*>& list, asio::steady_timer& alarm)
      : list_(list), place_(list.insert(list.end(), &alarm)) {}
  ~Place() { list_.erase(place_); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  std::list<asio::steady_timer*>& list_;
  std::list<asio::steady_timer*>::iterator place_;
};

}  // namespace

RevocationFeed::RevocationFeed(Executor executor, std::string conninfo, RevocationStore& store)
    : executor_(executor),
      store_(store),
      listener_(executor, std::move(conninfo), kRevocationsChannel, [this] { Ring(); }),
      group_(executor),
      bell_(executor) {}

void RevocationFeed::Start() {
  group_.Spawn("listen for revocations", listener_.Run());
  group_.Spawn("look for revocations", Look());
}

Task<void> RevocationFeed::Stop() {
  stopping_ = true;
  WakeAll();
  group_.Cancel();
  co_await group_.Join();
}

void RevocationFeed::Ring() {
  rung_ = true;
  bell_.cancel();
}

Task<void> RevocationFeed::Look() {
  while (!stopping_) {
    rung_ = false;
    absl::StatusOr<int64_t> head = co_await store_.Head();
    if (!head.ok()) {
      log::Warn("revocations not read", {{"error", head.status()}});
    } else if (*head > head_) {
      head_ = *head;
      WakeAll();
    }
    if (rung_) continue;
    bell_.expires_after(kPoll);
    boost::system::error_code rung;
    co_await bell_.async_wait(asio::redirect_error(asio::use_awaitable, rung));
  }
}

void RevocationFeed::WakeAll() {
  for (asio::steady_timer* waiting : waiting_) waiting->cancel();
}

Task<void> RevocationFeed::AwaitAbove(int64_t seen, absl::Time until) {
  asio::steady_timer alarm(executor_);
  alarm.expires_after(absl::ToChronoMicroseconds(until - absl::Now()));
  const Place place(waiting_, alarm);
  boost::system::error_code woken;
  while (head_ <= seen && !stopping_ && absl::Now() < until) {
    co_await alarm.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) break;
  }
}

}  // namespace latchkey::keyvault
