#include "services/keyvault/domain/rewrapper.h"

#include <algorithm>

#include "lib/base/check.h"

namespace latchkey::keyvault {

namespace {

constexpr int kBatch = 64;
constexpr absl::Duration kRetryPause = absl::Seconds(1);

}  // namespace

Rewrapper::Rewrapper(const secret::KeyRing& ring, const secret::Envelope& envelope,
                     RootKeyStore& store, Clock& clock, int64_t rows_per_second)
    : ring_(ring),
      envelope_(envelope),
      store_(store),
      clock_(clock),
      pause_(absl::Seconds(1) / std::max<int64_t>(rows_per_second, 1)) {}

Task<absl::Status> Rewrapper::Run(const Actor& actor) {
  Check(!running_, "one rewrap at a time");
  running_ = true;
  stopping_ = false;
  moved_ = 0;
  absl::Status ended = co_await RunPasses(actor);
  running_ = false;
  co_return ended;
}

// A replica that has not yet taken the new ring may wrap another row by the old key behind our
// back; so it is looked again until a pass finds nothing to move.
Task<absl::Status> Rewrapper::RunPasses(const Actor& actor) {
  int64_t before = -1;
  while (moved_ != before && !stopping_) {
    before = moved_;
    absl::Status passed = co_await Pass(actor);
    if (!passed.ok()) co_return passed;
  }
  co_return absl::OkStatus();
}

Task<absl::Status> Rewrapper::Pass(const Actor& actor) {
  failed_ = 0;
  std::string after;
  while (!stopping_) {
    absl::StatusOr<std::vector<WrappedKey>> batch = co_await Next(after);
    if (!batch.ok()) co_return batch.status();
    if (batch->empty()) break;
    for (const WrappedKey& key : *batch) {
      if (stopping_) break;
      absl::Status moved = co_await Move(key, actor);
      if (!moved.ok()) co_return moved;
    }
    after = batch->back().tenant.text();
  }
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::vector<WrappedKey>>> Rewrapper::Next(const std::string& after) {
  for (int attempt = 1;; ++attempt) {
    const std::string current = ring_.current().id();
    absl::StatusOr<std::vector<WrappedKey>> batch =
        co_await store_.ListForeign(current, after, kBatch);
    if (batch.ok() || attempt == kAttemptsMax || stopping_) co_return batch;
    co_await clock_.Sleep(kRetryPause);
  }
}

Task<absl::Status> Rewrapper::Move(const WrappedKey& key, const Actor& actor) {
  for (int attempt = 1;; ++attempt) {
    co_await KeepPace();
    const absl::StatusOr<std::string> fresh = envelope_.Rewrap(key.tenant.text(), key.blob);
    if (!fresh.ok()) {
      ++failed_;
      co_return absl::OkStatus();
    }
    absl::StatusOr<bool> replaced = co_await store_.Replace(key, *fresh, actor);
    if (replaced.ok() && *replaced) ++moved_;
    if (replaced.ok()) co_return absl::OkStatus();
    const bool retired = absl::IsFailedPrecondition(replaced.status());
    if (retired || attempt == kAttemptsMax || stopping_) co_return replaced.status();
    co_await clock_.Sleep(kRetryPause);
  }
}

Task<void> Rewrapper::KeepPace() {
  next_ = std::max(next_ + pause_, clock_.Now());
  co_await clock_.SleepUntil(next_);
}

}  // namespace latchkey::keyvault
