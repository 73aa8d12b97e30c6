// FailurePolicy: what a call does when a provider fails, and what its record says then.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "services/media/domain/call_event.h"

namespace latchkey::media {

// "anthropic", "deepgram", "cartesia", "twilio".
std::string_view NameOf(Party party);

// The failure of `party` that a person can act on, as an error whose reason is one of reasons.h
// with the provider's name before it. `http_status` is the provider's answer; 0: there was none.
absl::Status ClassifyFailure(Party party, int http_status, std::string_view detail);

// Bounds the retries of one provider: one for each incident, no more than a few in a call.
class FailurePolicy {
 public:
  explicit FailurePolicy(Party party) : party_(party) {}

  // True: try again, once; false: the call cannot go on with this provider.
  bool MayRetry(const absl::Status& why);

  // It works again, so that the next failure is another incident. Gives the failure that has been
  // overcome, if there was one.
  std::optional<absl::Status> Recovered();

  Party party() const { return party_; }

 private:
  Party party_;
  std::optional<absl::Status> incident_;
  int retries_ = 0;
};

}  // namespace latchkey::media
