#include "sandbox/carrier/twilio/rest_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <optional>

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
  if (order.url.empty() && order.twiml.empty()) return {400, 21205, "Url parameter is required"};
  if (!order.url.empty() && !http::Url::Parse(order.url).ok()) {
    return {400, 21205, fmt::format("Url is not a valid URL: {}", order.url)};
  }
  if (order.twiml.size() > kTwimlMax) return {400, 21627, "Twiml exceeds 4000 characters"};
  error = ReadDurations(form, order);
  if (error.status != 0) return error;
  return ReadCallback(form, order);
}

RestError FaultError(int status) {
  switch (status) {
    case 401:
      return {401, 20003, "Authenticate"};
    case 403:
      return {403, 20403, "Account is suspended"};
    case 429:
      return {429, 20429, "Too Many Requests"};
    case 503:
      return {503, 20503, "Service unavailable"};
    default:
      return {status, 20500, "An internal server error has occurred"};
  }
}

}  // namespace latchkey::sandbox::twilio
