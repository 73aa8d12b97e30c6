// Twilio's status callback, read: https://www.twilio.com/docs/voice/api/call-resource,
// "StatusCallback".
#pragma once

#include "absl/status/statusor.h"
#include "lib/provider/carrier_signature.h"
#include "services/dialer/domain/call_record.h"

namespace latchkey::dialer {

// `now` stands in for a missing or unreadable Timestamp.
// kInvalidArgument `malformed_request`: not a status callback.
absl::StatusOr<CarrierEvent> ParseTwilioEvent(const provider::FormParameters& parameters,
                                              absl::Time now);

// True of what Twilio sends to the `action` of a <Dial>: it tells what became of that, and nothing
// of the call.
bool IsTwilioDialed(const provider::FormParameters& parameters);

}  // namespace latchkey::dialer
