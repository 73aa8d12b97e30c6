// What is particular about Cartesia in a scenario.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace latchkey::sandbox {

struct CartesiaQuirks {
  // Audio in messages of so many bytes: the first, the second …, and from the beginning again.
  std::vector<int> chunk_bytes = {1600};
  // `cancel` stops only what has not started; what is being spoken is sent to its end.
  bool cancel_is_late = false;

  // Of the key's plan; 0 has no limit. More contexts that generate at once (Free 2, Pro 3, Startup
  // 5, Scale 15) are refused with 429 `concurrency_limited`, and more sockets at the handshake.
  int contexts_max = 0;
  int sockets_max = 0;
  // Characters that a key may have spoken, then 402 `quota_exceeded`; 0 has no end.
  int64_t credits = 0;
  std::vector<std::string> unknown_voices;  // Answered with 404 `voice_not_found`.

  absl::Duration idle_max = absl::Minutes(5);      // A socket without messages is closed.
  absl::Duration session_max;                      // Any socket is; zero never.
  int close_code = 1000;                           // Of both.
  absl::Duration context_life = absl::Seconds(1);  // After its last audio a context begins anew.
};

// A scenario's "quirks.cartesia". What is wrong with it comes into `error`.
CartesiaQuirks ReadCartesiaQuirks(const boost::json::value& value, std::string place,
                                  absl::Status& error);

}  // namespace latchkey::sandbox
