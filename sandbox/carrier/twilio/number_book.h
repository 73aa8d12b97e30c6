// NumberBook: the account's phone numbers, and what each of them does when a person calls it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "lib/http/form.h"
#include "lib/http/server.h"
#include "sandbox/carrier/twilio/rest_error.h"
#include "sandbox/scenario/accounts.h"

namespace latchkey::sandbox::twilio {

// What is set by POST …/IncomingPhoneNumbers/{PN}.json. Empty is not set.
struct NumberSettings {
  std::string friendly_name;
  std::string voice_url, voice_method = "POST";
  std::string voice_fallback_url;
  std::string status_callback;
};

// The SID of a number that is owned: "PN" and the number's digits.
std::string NumberSid(std::string_view e164);

// Outlives scenarios: a number keeps its settings as long as the sandbox runs. Lives on the
// sandbox's io thread.
class NumberBook {
 public:
  // What happens when `e164` is called.
  NumberSettings SettingsOf(std::string_view e164) const;

  // GET …/IncomingPhoneNumbers.json: those of `account` that fit PhoneNumber and FriendlyName.
  http::Response List(const TwilioAccount& account, const http::Form& query) const;
  // GET and POST of one; 404 when `account` has no number with this SID.
  http::Response Show(const TwilioAccount& account, std::string_view sid) const;
  http::Response Change(const TwilioAccount& account, std::string_view sid, const http::Form& form);

 private:
  std::string Json(const TwilioAccount& account, const std::string& e164) const;

  std::map<std::string, NumberSettings, std::less<>> settings_;  // By E.164.
};

}  // namespace latchkey::sandbox::twilio
