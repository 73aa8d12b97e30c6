#include "services/media/carriers/twilio_numbers.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "lib/base/error.h"
#include "services/media/carriers/twilio_rest.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

namespace json = boost::json;

http::Limits RestLimits() {
  http::Limits limits;
  limits.connect = absl::Seconds(3);
  limits.first_byte = absl::Seconds(4);
  limits.total = absl::Seconds(5);
  return limits;
}

absl::Status Unreachable(std::string_view message) {
  return Error(absl::StatusCode::kUnavailable, reasons::kCarrierUnreachable, message);
}

absl::Status Classify(int http_status, std::string_view body) {
  if (http_status == 401) {
    return Error(absl::StatusCode::kFailedPrecondition, reasons::kTwilioRejectedKey,
                 "Twilio rejects the account's key. Save it again.");
  }
  if (http_status == 429 || http_status >= 500) {
    return Unreachable("Twilio can not do it now. Try again in a few seconds.");
  }
  const int64_t code = TwilioErrorCode(body);
  return Error(absl::StatusCode::kFailedPrecondition, reasons::kCarrierRefused,
               fmt::format("Twilio refused to change the number with code {}; see "
                           "https://www.twilio.com/docs/api/errors/{}.",
                           code, code),
               {{"carrier_code", std::to_string(code)}});
}

std::string_view TextOf(const json::object& object, json::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return "";
  return {value->get_string().data(), value->get_string().size()};
}

}  // namespace

http::Form ComposeTwilioNumber(const TwilioNumberUrls& urls) {
  // The fallback is asked when a connection fails: behind an ingress that is another instance.
  return {{"VoiceUrl", urls.voice_url},         {"VoiceMethod", "POST"},
          {"VoiceFallbackUrl", urls.voice_url}, {"VoiceFallbackMethod", "POST"},
          {"StatusCallback", urls.status_url},  {"StatusCallbackMethod", "POST"}};
}

absl::StatusOr<std::string> FindTwilioNumber(std::string_view body, std::string_view e164) {
  boost::system::error_code error;
  const json::value list = json::parse(json::string_view(body.data(), body.size()), error);
  if (error || !list.is_object()) {
    return Unreachable("Twilio's answer is not what its API describes.");
  }
  const json::value* numbers = list.get_object().if_contains("incoming_phone_numbers");
  if (numbers == nullptr || !numbers->is_array()) return "";
  for (const json::value& number : numbers->get_array()) {
    if (!number.is_object()) continue;
    if (TextOf(number.get_object(), "phone_number") != e164) continue;
    return std::string(TextOf(number.get_object(), "sid"));
  }
  return "";
}

http::Request TwilioNumbers::Make(std::string method, std::string_view path,
                                  const http::Form& query) const {
  const std::string whole = fmt::format("/2010-04-01/Accounts/{}/IncomingPhoneNumbers{}.json",
                                        http::PercentEncode(account_sid_), path);
  http::Request request(std::move(method), base_.At(whole, query));
  request.secret = http::SecretHeader::Basic(account_sid_, auth_token_);
  return request;
}

Task<absl::StatusOr<std::string>> TwilioNumbers::Send(const http::Request& request) {
  const http::Limits limits = RestLimits();
  absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
  if (!response.ok()) co_return Unreachable("Twilio is out of reach. Try again in a few seconds.");
  if (response->status / 100 != 2) co_return Classify(response->status, response->body);
  co_return std::move(response->body);
}

Task<absl::Status> TwilioNumbers::Configure(const std::string& e164, const TwilioNumberUrls& urls) {
  const http::Form query = {{"PhoneNumber", e164}};
  const http::Request list = Make("GET", "", query);
  absl::StatusOr<std::string> listed = co_await Send(list);
  if (!listed.ok()) co_return listed.status();
  const absl::StatusOr<std::string> sid = FindTwilioNumber(*listed, e164);
  if (!sid.ok()) co_return sid.status();
  if (sid->empty()) {
    co_return Error(absl::StatusCode::kFailedPrecondition, reasons::kNumberNotOwned,
                    "The Twilio account has no such number. Buy it there, or correct the number.");
  }
  const http::Form none;
  http::Request change = Make("POST", "/" + http::PercentEncode(*sid), none);
  change.headers.Set("content-type", "application/x-www-form-urlencoded");
  change.body = ComposeTwilioNumber(urls).Encode();
  absl::StatusOr<std::string> changed = co_await Send(change);
  co_return changed.status();
}

}  // namespace latchkey::media
