#include "sandbox/carrier/twilio/rest_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <optional>

#include "absl/strings/numbers.h"
#include "lib/base/e164.h"
#include "lib/http/url.h"

namespace latchkey::sandbox::twilio {
namespace {

RestError Fine() { return {.status = 0, .code = 0, .message = ""}; }

constexpr size_t kTwimlMax = 4000;

bool Contains(const std::vector<std::string>& list, std::string_view value) {
  return std::ranges::find(list, value) != list.end();
}

bool CodeAllowed(const TwilioAccount& account, std::string_view to) {
  if (account.allowed_codes.empty()) return true;
  return std::ranges::any_of(account.allowed_codes,
                             [&](const std::string& code) { return to.starts_with(code); });
}

RestError CheckNumbers(const TwilioAccount& account, const std::string& to,
                       const std::string& from) {
  if (to.empty()) return {400, 21201, "No 'To' number is specified"};
  if (from.empty()) return {400, 21213, "'From' number is missing"};
  if (!E164::Parse(from).ok()) {
    return {400, 21212, fmt::format("Invalid 'From' Phone Number: {}", from)};
  }
  if (!E164::Parse(to).ok() || to == from) {
    return {400, 21211,
            fmt::format("The phone number you are attempting to call, {}, is not valid.", to)};
  }
  if (!Contains(account.numbers, from)) {
    return {
        400, 21210,
        fmt::format("The source phone number provided, {}, is not yet verified for your account. "
                    "You may only make calls from phone numbers that you've verified or "
                    "purchased from Twilio.",
                    from)};
  }
  if (account.type == "Trial" && !Contains(account.verified_numbers, to)) {
    return {400, 21219,
            fmt::format("The number {} is unverified. Trial accounts may only make calls to "
                        "verified numbers.",
                        to)};
  }
  if (!CodeAllowed(account, to)) {
    return {400, 21215,
            fmt::format("Account not authorized to call {}. Perhaps you need to enable some "
                        "international permissions: https://www.twilio.com/console/voice/calls/"
                        "geo-permissions/low-risk",
                        to)};
  }
  return Fine();
}

std::optional<int> ParseSeconds(std::string_view text) {
  int seconds = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failed != std::errc() || end != text.data() + text.size() || seconds < 1) return std::nullopt;
  return seconds;
}

RestError ReadDurations(const http::Form& form, CallOrder& order) {
  if (form.Has("Timeout")) {
    const std::optional<int> seconds = ParseSeconds(form.Get("Timeout"));
    if (!seconds || *seconds > 600) return {400, 21208, "Invalid 'Timeout' value"};
    order.ring_max = absl::Seconds(*seconds);
  }
  if (form.Has("TimeLimit")) {
    const std::optional<int> seconds = ParseSeconds(form.Get("TimeLimit"));
    if (!seconds) return {400, 20001, "Invalid 'TimeLimit' value"};
    order.length_max = std::min(absl::Seconds(*seconds), absl::Hours(4));
  }
  return Fine();
}

RestError ReadCallback(const http::Form& form, CallOrder& order) {
  order.status_callback = form.Get("StatusCallback");
  const bool good =
      order.status_callback.empty() ||
      http::Url::Parse(order.status_callback.substr(0, order.status_callback.find('#'))).ok();
  if (!good) return {400, 21609, "Invalid 'StatusCallback' URL"};
  const std::vector<std::string_view> events = form.GetAll("StatusCallbackEvent");
  if (events.empty()) return Fine();
  // One value for each key. A list in one value names no event, so only the default is left.
  std::set<std::string> known;
  for (std::string_view event : events) {
    for (std::string_view name : {"initiated", "ringing", "answered", "completed"}) {
      if (event == name) known.emplace(name);
    }
  }
  if (!known.empty()) order.status_events = std::move(known);
  return Fine();
}

int UsualCode(int status) {
  switch (status) {
    case 401:
      return 20003;
    case 403:
      return 20403;
    case 404:
      return 20404;
    case 429:
      return 20429;
    case 503:
      return 20503;
    default:
      return 20500;
  }
}

struct KnownCode {
  int code;
  std::string_view message;
};

// Of those that a dialer has to tell apart.
constexpr KnownCode kKnownCodes[] = {
    {10001, "Account is not active"},
    {10002, "Trial account does not support this feature"},
    {10004, "Call concurrency limit exceeded"},
    {20003, "Authenticate"},
    {20005, "Account not active"},
    {20008, "Resource not accessible with Test Account Credentials"},
    {20403, "Account is suspended"},
    {20404, "The requested resource was not found"},
    {20429, "Too Many Requests"},
    {20500, "An internal server error has occurred"},
    {20503, "Service unavailable"},
    {21202, "Calling this number is unsupported: it is a premium number"},
    {21203, "International calling not enabled"},
    {21210, "The source phone number provided is not yet verified for your account"},
    {21211, "The phone number you are attempting to call is not valid."},
    {21212, "Invalid 'From' Phone Number"},
    {21214, "The phone number you are attempting to call cannot be reached."},
    {21215,
     "Account not authorized to call. Perhaps you need to enable some international "
     "permissions"},
    {21216, "Account not allowed to call this number."},
    {21217, "Phone number does not appear to be valid"},
    {21219, "The number is unverified. Trial accounts may only make calls to verified numbers."},
    {70004, "The API key does not have permission to access this resource."},
    {573002, "Trial calls may only be made from the number tied to this recipient."},
};

RestError FaultError(const Fault& fault) {
  int code = 0;
  if (!absl::SimpleAtoi(fault.code, &code)) code = UsualCode(fault.status);
  for (const KnownCode& known : kKnownCodes) {
    if (known.code == code) return {fault.status, code, std::string(known.message)};
  }
  return {fault.status, code, "An error has occurred"};
}

}  // namespace

http::Response ToResponse(const RestError& error) {
  const boost::json::object body = {
      {"code", error.code},
      {"message", error.message},
      {"more_info", fmt::format("https://www.twilio.com/docs/errors/{}", error.code)},
      {"status", error.status}};
  http::Response response;
  response.status = error.status;
  response.headers = {{"content-type", "application/json"}};
  if (error.status == 429) response.headers.Set("twilio-concurrent-requests", "100");
  response.body = boost::json::serialize(body);
  return response;
}

RestError CheckOrder(const TwilioAccount& account, const http::Form& form, CallOrder& order) {
  if (account.status != "active") {
    return {401, 20005, "Account not active"};
  }
  order.to = form.Get("To");
  order.from = form.Get("From");
  RestError error = CheckNumbers(account, order.to, order.from);
  if (error.status != 0) return error;
  order.url = form.Get("Url");
  if (order.url.empty()) order.twiml = form.Get("Twiml");
  if (form.Has("Method")) order.url_method = form.Get("Method");
  if (order.url_method != "POST" && order.url_method != "GET") {
    return {400, 21209, "Method is not GET or POST"};
  }
  order.fallback_url = form.Get("FallbackUrl");
  if (order.url.empty() && order.twiml.empty()) return {400, 21205, "Url parameter is required"};
  if (!order.url.empty() && !http::Url::Parse(order.url).ok()) {
    return {400, 21205, fmt::format("Url is not a valid URL: {}", order.url)};
  }
  if (order.twiml.size() > kTwimlMax) return {400, 21627, "Twiml exceeds 4000 characters"};
  error = ReadDurations(form, order);
  if (error.status != 0) return error;
  return ReadCallback(form, order);
}

http::Response FaultAnswer(const Fault& fault) {
  RestError error = FaultError(fault);
  http::Response response = ToResponse(error);
  if (fault.status == 429 && fault.retry_after > 0) {
    response.headers.Set("retry-after", fmt::to_string(fault.retry_after));
  }
  return response;
}

}  // namespace latchkey::sandbox::twilio
