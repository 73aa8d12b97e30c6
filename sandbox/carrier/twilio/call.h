// Call: one call as Twilio knows it, and as it shows it: the resource, and the callbacks' forms.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "lib/http/form.h"
#include "sandbox/callee/callee_phone.h"

namespace latchkey::sandbox::twilio {

enum class CallStatus {
  kQueued,
  kInitiated,  // Only in callbacks; the resource says queued.
  kRinging,
  kInProgress,
  kCompleted,
  kBusy,
  kFailed,
  kNoAnswer,
  kCanceled,
};

std::string_view Text(CallStatus status);  // "in-progress"
bool Ended(CallStatus status);

// What a POST to Calls.json asked for, after its check.
struct CallOrder {
  std::string to, from;
  std::string url;    // Where its TwiML is fetched …
  std::string twiml;  // … or the TwiML itself.
  std::string status_callback;
  std::set<std::string> status_events = {"completed"};
  absl::Duration ring_max = absl::Seconds(60);
  absl::Duration length_max = absl::Hours(4);
};

struct Call {
  Call(std::string sid_, std::string account_sid_, CallOrder order_, absl::Time now);

  // Moves on, and notes when. A call that has ended stays as it is.
  void Become(CallStatus next, absl::Time now);

  // Answered time: whole seconds, rounded up as Twilio's CallDuration is; zero if never answered.
  int64_t BilledSeconds() const;

  const std::string sid;
  const std::string account_sid;
  const CallOrder order;
  CallStatus status = CallStatus::kQueued;
  absl::Time created;
  std::optional<absl::Time> started, answered, ended;
  int sip_code = 0;   // Terminal: 200, 486, 487, 603, 404
  int sequence = 0;   // Of the next status callback.
  std::string error;  // A reason of ParseTwiml's or a stream's, "" if all went well.

  // Written by the API while the call runs.
  bool end_asked = false;
  std::optional<std::string> new_twiml;  // Replaces what runs.
  std::optional<std::string> new_url;

  // Set at the answer.
  std::unique_ptr<CalleePhone> phone;
};

// The resource of the REST API, in JSON.
std::string ToJson(const Call& call);

// The form of a status callback; the event is named by `call.status`.
http::Form CallbackForm(const Call& call, absl::Time now);

// What the sandbox itself tells of a call: the resource's main facts, billed seconds and what the
// callee's ear measured.
std::string ToJudgedJson(const Call& call);

// "Sun, 22 Nov 2026 03:00:00 +0000"
std::string Rfc2822(absl::Time time);

}  // namespace latchkey::sandbox::twilio
