#include "services/media/domain/realtime_session.h"

#include <utility>

#include "lib/base/error.h"

namespace latchkey::media {
namespace {

// 5 s each for the upgrade and for session.created are advised; nobody holds the line so long.
constexpr absl::Duration kReadyWait = absl::Seconds(6);

}  // namespace

void RealtimeSession::Open(RealtimeModel::Listener& listener) {
  listener_ = &listener;
  Connect();
}

void RealtimeSession::Connect() {
  retry_at_ = absl::InfiniteFuture();
  ready_deadline_ = clock_.Now() + kReadyWait;
  model_.Start(*listener_);
}

void RealtimeSession::OnReady(absl::Time expire_time) {
  const absl::Time now = clock_.Now();
  ready_ = true;
  ready_deadline_ = absl::InfiniteFuture();
  // Of an hour, the last five minutes are left for a pause to move in.
  renew_at_ =
      expire_time == absl::InfiniteFuture() ? expire_time : now + (expire_time - now) * 11 / 12;
}

absl::Status RealtimeSession::OnDown(const absl::Status& why) {
  ready_ = false;
  moved_ = true;
  ready_deadline_ = absl::InfiniteFuture();
  renew_at_ = absl::InfiniteFuture();
  const bool slow = std::exchange(slow_, false);
  absl::Status cause = slow ? ClassifyFailure(Party::kRealtimeModel, 504, "") : why;
  if (std::exchange(renewing_, false)) {
    retry_at_ = clock_.Now();
    return cause;
  }
  const std::optional<absl::Duration> delay = policy_.RetryAfter(cause);
  retry_at_ = delay.has_value() ? clock_.Now() + *delay : absl::InfiniteFuture();
  return cause;
}

bool RealtimeSession::Tick(absl::Time now, bool quiet) {
  if (now >= ready_deadline_) GiveUp();
  if (ready_ && quiet && now >= renew_at_) {
    renew_at_ = absl::InfiniteFuture();
    renewing_ = true;
    model_.Break();
  }
  if (now < retry_at_) return false;
  Connect();
  return true;
}

void RealtimeSession::GiveUp() {
  ready_deadline_ = absl::InfiniteFuture();
  slow_ = true;
  model_.Break();
}

std::optional<TroubleEvent> RealtimeSession::OnAnswer() {
  const bool moved = std::exchange(moved_, false);
  const std::optional<absl::Status> from = policy_.Recovered();
  if (!from.has_value()) return std::nullopt;
  return TroubleEvent{
      .party = Party::kRealtimeModel,
      .reason = Reason(*from),
      .message = Message(*from) + (moved ? " The conversation went on in a new session." : ""),
      .recovered = true};
}

}  // namespace latchkey::media
