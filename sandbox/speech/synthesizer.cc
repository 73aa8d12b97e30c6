#include "sandbox/speech/synthesizer.h"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <functional>
#include <utility>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/spawn.h"
#include "sandbox/speech/flite_voices.h"

namespace latchkey::sandbox {

namespace asio = boost::asio;

namespace {

constexpr size_t kTextMax = 4000;

}  // namespace

// A text that is being spoken, for those who ask for it meanwhile.
struct Synthesizer::Making {
  explicit Making(Executor executor)
      : done(std::move(executor), asio::steady_timer::time_point::max()) {}

  asio::steady_timer done;
  absl::StatusOr<std::shared_ptr<const Speech>> speech = CancelledError();
};

Synthesizer::Synthesizer(Workers& workers) : workers_(workers) {}

bool Synthesizer::HasVoice(std::string_view voice) { return HasFliteVoice(voice); }

Task<absl::StatusOr<std::shared_ptr<const Speech>>> Synthesizer::Speak(std::string voice,
                                                                       std::string text) {
  if (!HasVoice(voice)) {
    co_return Error(absl::StatusCode::kInvalidArgument, "unknown_voice",
                    "flite's voices are slt, awb, rms and kal16.");
  }
  if (text.size() > kTextMax) {
    co_return Error(absl::StatusCode::kInvalidArgument, "text_too_long",
                    "At most 4000 characters can be spoken at once.");
  }
  const Key key(std::move(voice), std::move(text));
  const auto cached = cache_.find(key);
  if (cached != cache_.end()) co_return cached->second;
  const auto under_way = under_way_.find(key);
  if (under_way == under_way_.end()) co_return co_await Make(key);
  const std::shared_ptr<Making> making = under_way->second;
  co_return co_await Wait(making);
}

Task<absl::StatusOr<std::shared_ptr<const Speech>>> Synthesizer::Make(Key key) {
  // Others wait for it, so it goes on when the first who asked goes away.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  const auto executor = co_await asio::this_coro::executor;
  const auto making = std::make_shared<Making>(executor);
  under_way_.emplace(key, making);
  std::function<absl::StatusOr<Speech>()> job = [key] {
    return SpeakWithFlite(key.first, key.second);
  };
  absl::StatusOr<Speech> spoken = co_await workers_.Run<Speech>(std::move(job));
  under_way_.erase(key);
  if (spoken.ok()) {
    making->speech = std::make_shared<const Speech>(*std::move(spoken));
    if (cache_.size() < kCacheMax) cache_.emplace(key, *making->speech);
  } else {
    making->speech = spoken.status();
  }
  making->done.cancel();
  co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
  co_return making->speech;
}

Task<absl::StatusOr<std::shared_ptr<const Speech>>> Synthesizer::Wait(
    std::shared_ptr<Making> making) {
  boost::system::error_code rung;
  co_await making->done.async_wait(asio::redirect_error(asio::use_awaitable, rung));
  co_return making->speech;  // Cancelled, unless it was made.
}

}  // namespace latchkey::sandbox
