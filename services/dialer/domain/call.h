// Call: the record of one call, and what was fixed at its admission.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "lib/base/id.h"
#include "lib/base/money.h"
#include "lib/provider/catalogue.h"

namespace latchkey::dialer {

// How far a call is. The order is the order of time: a call never moves to an earlier one.
enum class CallState { kQueued, kPlacing, kRinging, kAnswered, kEnded };

// How a call ended; kNone while it has not.
enum class Disposition { kNone, kCompleted, kBusy, kNoAnswer, kFailed, kCanceled };

// Who calls whom.
enum class Direction { kOutbound, kInbound };

// Whose AI keys are priced: kByokNumber, when all are the number's; kByokTenant, when all are the
// tenant's own; else kBundled.
enum class BillingMode { kBundled, kByokTenant, kByokNumber };

struct Rate {
  std::string rate_id;
  Money per_minute;
  int64_t increment_s = 1;
};

// Whose key: a tenant's (or the platform's), or one number's.
struct KeyScope {
  TenantId tenant;
  NumberId number;  // Empty: the key holds for the whole tenant.

  friend bool operator==(const KeyScope&, const KeyScope&) = default;
};

struct KeyGrant {
  Provider provider = Provider::kTwilio;
  KeyScope scope;

  friend bool operator==(const KeyGrant&, const KeyGrant&) = default;
};

// What the carrier itself said about the end of a call.
struct CarrierEnd {
  Disposition disposition = Disposition::kCompleted;
  int64_t answered_s = 0;
  absl::Time time;
};

struct Call {
  CallId id;
  TenantId tenant;
  NumberId number;
  Direction direction = Direction::kOutbound;
  std::string request_id;
  std::string from;  // E.164; inbound what the carrier tells, such as "anonymous".
  std::string to;    // E.164

  // Fixed at admission.
  Provider carrier = Provider::kTwilio;
  KeyScope carrier_scope;
  KeyScope llm_scope;  // Whose Anthropic key; of no tenant when the call uses none.
  BillingMode mode = BillingMode::kBundled;
  Rate rate;
  std::string media_instance;
  std::string media_incarnation;  // The start of that instance's process which has the call.
  absl::Time create_time;

  // How it goes.
  CallState state = CallState::kQueued;
  Disposition disposition = Disposition::kNone;
  std::string reason;
  std::string message;
  // Empty while the outcome of placing is unknown: then the carrier is asked, never dialled again.
  // Inbound it is known from the start.
  std::string carrier_call_id;
  int64_t carrier_sequence = -1;  // Of the carrier's last event that counted.
  std::optional<CarrierEnd> carrier_end;
  std::optional<absl::Time> answer_time;
  std::optional<absl::Time> end_time;
  int64_t answered_s = 0;
  std::string settler;  // The instance that was asked to settle it; empty if none was.
};

}  // namespace latchkey::dialer
