// RootKeyWatch: takes a new key ring when its file changes, and measures how far a rewrap is.
#pragma once

#include <optional>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/metrics.h"
#include "lib/base/task.h"
#include "services/keyvault/adapters/ring_file.h"
#include "services/keyvault/domain/rewrapper.h"
#include "services/keyvault/domain/root_keys.h"

namespace latchkey::keyvault {

// Lives on one io thread. What it is made from outlives it.
class RootKeyWatch {
 public:
  // `path` of the ring's file; "" when the root key came by the environment, and cannot change.
  RootKeyWatch(const std::string& path, RootKeys& root_keys, const Rewrapper& rewrapper,
               Clock& clock);

  // Looks every second, for ever; spawn it. A ring that cannot be used is refused with a log line,
  // once, and the one that is there stays.
  Task<void> Run();

 private:
  Task<void> FollowFile();
  Task<void> Measure();

  std::optional<RingFile> file_;
  RootKeys& root_keys_;
  const Rewrapper& rewrapper_;
  Clock& clock_;
  absl::Time measured_ = absl::InfinitePast();
  metrics::Gauge& rows_;
  metrics::Gauge& left_rows_;
  metrics::Counter& taken_;
  metrics::Counter& refused_;
};

}  // namespace latchkey::keyvault
