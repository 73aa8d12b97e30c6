// The accounts that the carriers' stand-ins know: one each.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace latchkey::sandbox {

struct TwilioAccount {
  std::string account_sid = "AC00000000000000000000000000000000";
  std::string auth_token;
  std::string friendly_name = "Sandbox";
  std::string type = "Full";         // "Trial": only `verified_numbers` can be called (21219).
  std::string status = "active";     // "suspended", "closed"
  std::vector<std::string> numbers;  // Owned, in E.164; another From is refused with 21210.
  std::vector<std::string> verified_numbers;
  // Calling codes that may be called, "+1"; others are refused with 21215. None: all may.
  std::vector<std::string> allowed_codes;
};

// What an Exotel call runs after the answer when it is ordered with a flow's address.
struct ExotelFlow {
  std::string app_id;  // Of http://my.exotel.com/{sid}/exoml/start_voice/{app_id}
  // Asked by GET before the Voicebot applet and after it; "" is no such applet. A 302 of the first
  // ends the call without the stream.
  std::string passthru, passthru_after;
  std::string voicebot;  // wss://…, or https://… which answers {"url":"wss://…"}
};

struct ExotelAccount {
  std::string sid = "sandbox1";
  std::string api_key;
  std::string auth_token;  // The API token.
  std::string friendly_name = "Sandbox";
  std::string status = "active";     // "suspended"
  std::string region = "sg";         // "in": its keys work under the Indian host only.
  std::vector<std::string> numbers;  // ExoPhones in E.164; another CallerId is refused.
  // Numbers in the register of those who want no calls: refused with 403.
  std::vector<std::string> dnd_numbers;
  bool kyc = true;                  // Without it every call is refused with 403.
  bool streams = true;              // Connect Voice AI is enabled.
  int streams_max = 100;            // "ThrottleLimit" of ActiveStreams.
  int requests_per_minute = 200;    // More orders are refused with 429.
  std::string balance = "1543.75";  // INR; "0.00" is refused with 402.
  std::vector<ExotelFlow> flows;
};

// A scenario's "twilio" and "exotel". What is wrong with them comes into `error`.
TwilioAccount ReadTwilioAccount(const boost::json::value& value, absl::Status& error);
ExotelAccount ReadExotelAccount(const boost::json::value& value, absl::Status& error);

}  // namespace latchkey::sandbox
