// FailurePolicy: what a call does when a provider fails, and what its record says then.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/media/domain/call_event.h"

namespace latchkey::media {

// "anthropic", "deepgram", "cartesia", "openai", "twilio".
std::string_view NameOf(Party party);

// The failure of `party` that a person can act on, as an error whose reason is one of reasons.h
// with the provider's name before it. `http_status` is the provider's answer; 0: there was none.
absl::Status ClassifyFailure(Party party, int http_status, std::string_view detail);

// What a realtime session says besides: it has lasted as long as it may, which passes; the key may
// not use the model, which does not.
absl::Status SessionExpired(Party party);
absl::Status ModelNotFound(Party party);

// What a call is told when its key was refused and another version of it is in place now: try
// again. The reason stays that of `refused`. Happens once for each lease.
absl::Status KeyReplaced(const absl::Status& refused);

// Of a failure's metadata: when the provider says that one may come back, in whole milliseconds.
inline constexpr std::string_view kRetryAfterMs = "retry_after_ms";

// Bounds the retries of one provider: one for each incident, three where it is at a limit that
// passes, and no more than a few in a call.
class FailurePolicy {
 public:
  explicit FailurePolicy(Party party) : party_(party) {}

  // How long to wait before it is tried again; nothing: the call cannot go on with this provider.
  std::optional<absl::Duration> RetryAfter(const absl::Status& why);

  // It works again, so that the next failure is another incident. Gives the failure that has been
  // overcome, if there was one.
  std::optional<absl::Status> Recovered();

  Party party() const { return party_; }

 private:
  Party party_;
  std::optional<absl::Status> incident_;
  int tries_ = 0;    // In this incident.
  int retries_ = 0;  // In the call.
};

}  // namespace latchkey::media
