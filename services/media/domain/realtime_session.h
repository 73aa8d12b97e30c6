// RealtimeSession: keeps a call in a session with its realtime model.
#pragma once

#include <optional>

#include "lib/base/clock.h"
#include "services/media/domain/failure_policy.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

// Connects, gives up what is too slow, connects again where that is worth it, and moves to a new
// session before an old one expires. A rule: no socket in it.
class RealtimeSession {
 public:
  RealtimeSession(RealtimeModel& model, const Clock& clock) : model_(model), clock_(clock) {}

  void Open(RealtimeModel::Listener& listener);
  void OnReady(absl::Time expire_time);
  // Why it is gone. Unless another one is coming(), the call cannot go on.
  absl::Status OnDown(const absl::Status& why);
  // True: it has begun to connect again. `quiet`: nobody would miss the old session just now.
  bool Tick(absl::Time now, bool quiet);
  // It brings nothing any more.
  void GiveUp();

  bool ready() const { return ready_; }
  bool coming() const { return retry_at_ != absl::InfiniteFuture(); }
  // A response failed; when to ask again. Nothing: not at all.
  std::optional<absl::Duration> RetryAfter(const absl::Status& why) {
    return policy_.RetryAfter(why);
  }
  // It answers. Gives the trouble that this ends, if there was one.
  std::optional<TroubleEvent> OnAnswer();

 private:
  void Connect();

  RealtimeModel& model_;
  const Clock& clock_;
  RealtimeModel::Listener* listener_ = nullptr;
  FailurePolicy policy_{Party::kRealtimeModel};
  bool ready_ = false;
  bool slow_ = false;      // The connection was given up, because nothing came.
  bool renewing_ = false;  // It was given up for a younger one.
  bool moved_ = false;     // Since the last answer the session is another one.
  absl::Time ready_deadline_ = absl::InfiniteFuture();
  absl::Time retry_at_ = absl::InfiniteFuture();
  absl::Time renew_at_ = absl::InfiniteFuture();
};

}  // namespace latchkey::media
