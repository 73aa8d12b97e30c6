// Twilio's webhook of a call to a number, read: https://www.twilio.com/docs/voice/twiml, "Request
// parameters".
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "lib/base/e164.h"
#include "lib/provider/carrier_signature.h"

namespace latchkey::dialer {

struct InboundWebhook {
  std::string carrier_call_id;
  std::string from;  // E.164, or what the carrier says in its place: "anonymous".
  E164 called;
};

// kInvalidArgument `malformed_request`: not the webhook of a call.
absl::StatusOr<InboundWebhook> ParseTwilioWebhook(const provider::FormParameters& parameters);

}  // namespace latchkey::dialer
