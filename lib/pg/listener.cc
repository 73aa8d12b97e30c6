#include "lib/pg/listener.h"

#include <algorithm>
#include <utility>

#include "lib/base/check.h"
#include "lib/base/clock.h"

namespace latchkey::pg {

namespace {

constexpr absl::Duration kConnectTimeout = absl::Seconds(3);
constexpr absl::Duration kStatementTimeout = absl::Seconds(5);
constexpr absl::Duration kBackoffMin = absl::Milliseconds(50);
constexpr absl::Duration kBackoffMax = absl::Seconds(1);

}  // namespace

Listener::Listener(Executor executor, std::string conninfo, std::string channel,
                   std::function<void()> told)
    : executor_(std::move(executor)),
      conninfo_(std::move(conninfo)),
      channel_(std::move(channel)),
      told_(std::move(told)) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyz_";
  const bool plain = channel_.find_first_not_of(kAllowed) == std::string::npos;
  Check(!channel_.empty() && plain, "a channel has a plain name");
}

Task<void> Listener::Run() {
  SystemClock clock;
  while (true) {
    // Why it was lost does not matter: the user looks from time to time, and the pool complains.
    absl::Status lost = co_await ListenOnce();
    const absl::Duration pause = kBackoffMin * (1 << std::min(failures_, 5));
    ++failures_;
    co_await clock.Sleep(std::min(kBackoffMax, pause));
  }
}

Task<absl::Status> Listener::ListenOnce() {
  ConnectOptions options{conninfo_, "", kConnectTimeout, kStatementTimeout};
  absl::StatusOr<std::unique_ptr<Connection>> connection =
      co_await Connection::Connect(executor_, std::move(options));
  if (!connection.ok()) co_return connection.status();
  const std::string listen = "LISTEN " + channel_;
  absl::StatusOr<Rows> listening = co_await (*connection)->RunScript(listen);
  if (!listening.ok()) co_return listening.status();
  failures_ = 0;
  while (true) {
    told_();
    absl::Status told = co_await (*connection)->AwaitNotification();
    if (!told.ok()) co_return told;
  }
}

}  // namespace latchkey::pg
