// Bare pacer: the baseline of `scripts/bench sandbox`: the same frames over the same sockets, paced
// by one timer on one origin, and nothing else.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/load/delays.h"
#include "lib/base/spawn.h"
#include "lib/http/tls.h"
#include "lib/http/url.h"
#include "lib/http/websocket.h"

namespace latchkey::bench {

// Lives on one io thread.
class BarePacer {
 public:
  BarePacer(Executor executor, http::TlsContext tls, http::Url peer);

  // Opens so many streams, as a carrier would. Those that cannot be opened are missing.
  Task<void> Open(int streams);
  // Sends a frame on each of them every 20 ms, for `duration`; what is sent in the half second
  // before that is not counted.
  Task<void> Send(absl::Duration duration);
  // Ends them.
  Task<void> Close();

  const Delays& lateness() const { return lateness_; }
  absl::Duration lateness_max() const { return lateness_max_; }
  uint64_t frames() const { return frames_; }
  size_t streams() const { return sockets_.size(); }

 private:
  Task<void> Drain(http::Websocket& socket);

  Executor executor_;
  http::TlsContext tls_;
  http::Url peer_;
  std::vector<std::unique_ptr<http::Websocket>> sockets_;
  Group readers_;
  Delays lateness_;
  absl::Duration lateness_max_;
  uint64_t frames_ = 0;
};

}  // namespace latchkey::bench
