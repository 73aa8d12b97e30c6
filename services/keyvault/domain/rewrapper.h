// Rewrapper: moves every tenant's key to the current root key, while keys are leased.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "lib/base/task.h"
#include "lib/secret/envelope.h"
#include "services/keyvault/domain/root_key_store.h"

namespace latchkey::keyvault {

// What is left is counted in the rows and nowhere else, so a run that was cut off by anything is
// gone on with by the next; several replicas may run one each. Lives on one io thread. What it is
// made from outlives it.
class Rewrapper {
 public:
  // At most `rows_per_second`, 1 or more.
  Rewrapper(const secret::KeyRing& ring, const secret::Envelope& envelope, RootKeyStore& store,
            Clock& clock, int64_t rows_per_second);

  // Moves rows until none is left that can be moved, or until Stop(). One at a time. Postgres away:
  // it waits and goes on, for up to kAttemptsMax attempts in a row; then its error.
  Task<absl::Status> Run(const Actor& actor);
  void Stop() { stopping_ = true; }

  bool running() const { return running_; }
  // Of this run or the last one.
  int64_t moved() const { return moved_; }
  int64_t failed() const { return failed_; }  // They do not open, and stay as they are.

  static constexpr int kAttemptsMax = 60;

 private:
  Task<absl::Status> RunPasses(const Actor& actor);
  Task<absl::Status> Pass(const Actor& actor);
  Task<absl::StatusOr<std::vector<WrappedKey>>> Next(const std::string& after);
  Task<absl::Status> Move(const WrappedKey& key, const Actor& actor);
  Task<void> KeepPace();

  const secret::KeyRing& ring_;
  const secret::Envelope& envelope_;
  RootKeyStore& store_;
  Clock& clock_;
  const absl::Duration pause_;  // Between two rows.
  absl::Time next_ = absl::InfinitePast();
  bool running_ = false;
  bool stopping_ = false;
  int64_t moved_ = 0;
  int64_t failed_ = 0;
};

}  // namespace latchkey::keyvault
