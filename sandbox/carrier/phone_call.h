// PhoneCall: one call as the telephone network knows it, whichever carrier sold it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "sandbox/callee/callee_phone.h"
#include "sandbox/scenario/provider.h"

namespace latchkey::sandbox {

enum class CallStatus {
  kQueued,
  kInitiated,  // Only in Twilio's callbacks; its resource says queued.
  kRinging,
  kInProgress,
  kCompleted,
  kBusy,
  kFailed,
  kNoAnswer,
  kCanceled,
};

std::string_view Text(CallStatus status);  // "in-progress", as both carriers write it
bool Ended(CallStatus status);

// Carriers derive what else they know of it. Lives on the sandbox's io thread.
struct PhoneCall {
  PhoneCall(Provider its_carrier, std::string id, std::string called, std::string caller,
            absl::Time now);
  virtual ~PhoneCall() = default;

  // Moves on, and notes when. A call that has ended stays as it is.
  void Become(CallStatus next, absl::Time now);

  // Answered time: whole seconds, rounded up as carriers do; zero if never answered.
  int64_t BilledSeconds() const;

  // The number of the simulated person's.
  const std::string& person() const { return inbound ? from : to; }

  const Provider carrier;
  const std::string sid;
  const std::string to, from;  // E.164
  bool inbound = false;        // The person called us.
  CallStatus status = CallStatus::kQueued;
  absl::Time created;
  std::optional<absl::Time> started, answered, ended;
  int sip_code = 0;   // Terminal: 200, 486, 487, 603, 404
  std::string error;  // What went wrong for the carrier: "twiml_12100", "stream_31921"; else "".

  absl::Duration webhook;         // From asking what to do to the answer; zero: nobody was asked.
  std::vector<std::string> said;  // In the carrier's own voice, to the end.

  bool end_asked = false;              // Written by the API while the call runs.
  std::unique_ptr<CalleePhone> phone;  // Set at the answer.
};

// What the sandbox itself tells of a call: its main facts, billed seconds, what the carrier said
// with a voice of its own, and what the person's ear measured.
std::string ToJudgedJson(const PhoneCall& call);

}  // namespace latchkey::sandbox
