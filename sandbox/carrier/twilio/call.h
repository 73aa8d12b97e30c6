// Call: one call as Twilio knows it, and as it shows it: the resource, and the callbacks' forms.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "lib/http/form.h"
#include "sandbox/carrier/phone_call.h"

namespace latchkey::sandbox::twilio {

// What a POST to Calls.json asked for, after its check.
struct CallOrder {
  std::string to, from;
  std::string url;    // Where its TwiML is fetched …
  std::string twiml;  // … or the TwiML itself.
  std::string status_callback;
  std::set<std::string> status_events = {"completed"};
  absl::Duration ring_max = absl::Seconds(60);
  absl::Duration length_max = absl::Hours(4);
  std::string url_method = "POST";
  std::string fallback_url;  // Asked when `url` gives no TwiML.
  bool inbound = false;      // Not an order: a person called one of the account's numbers.
  std::string parent_sid;    // The call whose <Dial> made this one; "": no call's.
};

struct Call final : PhoneCall {
  Call(std::string id, std::string account, CallOrder placed, absl::Time now);

  const std::string account_sid;
  const CallOrder order;
  int sequence = 0;  // Of the next status callback.

  // Written by the API while the call runs.
  std::optional<std::string> new_twiml;  // Replaces what runs.
  std::optional<std::string> new_url;
};

// The resource of the REST API, in JSON.
std::string ToJson(const Call& call);

// The form of a status callback; the event is named by `call.status`.
http::Form CallbackForm(const Call& call, absl::Time now);

// "Sun, 22 Nov 2026 03:00:00 +0000"
std::string Rfc2822(absl::Time time);

}  // namespace latchkey::sandbox::twilio
