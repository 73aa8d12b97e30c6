#include "sandbox/carrier/twilio/account_resource.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <optional>

#include "sandbox/carrier/base64.h"

namespace latchkey::sandbox::twilio {

namespace json = boost::json;

std::string AccountJson(const Scenario& scenario) {
  const TwilioAccount& account = scenario.twilio;
  const std::string uri = "/2010-04-01/Accounts/" + account.account_sid;
  const bool echo = scenario.quirks.twilio.echo_auth_token;
  const json::object body = {
      {"sid", account.account_sid},
      {"friendly_name", account.friendly_name},
      {"status", account.status},
      {"type", account.type},
      {"owner_account_sid", account.account_sid},
      {"auth_token", echo ? json::value(account.auth_token) : json::value(nullptr)},
      {"date_created", "Sat, 01 Aug 2026 09:30:00 +0000"},
      {"date_updated", "Sat, 01 Aug 2026 09:30:00 +0000"},
      {"uri", uri + ".json"},
      {"subresource_uris",
       {{"calls", uri + "/Calls.json"},
        {"incoming_phone_numbers", uri + "/IncomingPhoneNumbers.json"}}}};
  return json::serialize(body);
}

RestError CheckCredentials(const TwilioAccount& account, const http::ServerRequest& request) {
  constexpr std::string_view kBasic = "Basic ";
  const std::string_view header = request.headers.Get("authorization");
  std::optional<std::vector<uint8_t>> decoded;
  if (header.starts_with(kBasic)) decoded = DecodeBase64(header.substr(kBasic.size()));
  if (!decoded) return {401, 20003, "Authentication Error - No credentials provided"};
  const std::string credentials(decoded->begin(), decoded->end());
  if (!credentials.starts_with(account.account_sid + ":")) {
    return {401, 20003, "Authentication Error - invalid username"};
  }
  if (credentials != account.account_sid + ":" + account.auth_token) {
    return {401, 20003, "Authenticate"};
  }
  if (account.status == "closed") return {403, 20403, "Account is closed"};
  return {.status = 0, .code = 0, .message = ""};
}

}  // namespace latchkey::sandbox::twilio
