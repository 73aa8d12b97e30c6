#include "services/media/carriers/twilio_carrier.h"

#include <fmt/format.h>

#include <utility>

#include "lib/base/error.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {
namespace {

http::Limits RestLimits() {
  http::Limits limits;
  limits.connect = absl::Seconds(3);
  limits.first_byte = absl::Seconds(8);
  limits.total = absl::Seconds(10);
  return limits;
}

}  // namespace

TwilioCarrier::TwilioCarrier(http::Client& client, const http::Url& base, std::string account_sid,
                             const Secret& auth_token, TwilioCallbacks callbacks)
    : client_(client),
      base_(base),
      account_sid_(std::move(account_sid)),
      auth_token_(auth_token),
      callbacks_(std::move(callbacks)) {}

http::Request TwilioCarrier::Make(std::string method, std::string_view path,
                                  const http::Form& query) const {
  const std::string whole =
      fmt::format("/2010-04-01/Accounts/{}/Calls{}.json", http::PercentEncode(account_sid_), path);
  http::Request request(std::move(method), base_.At(whole, query));
  request.secret = http::SecretHeader::Basic(account_sid_, auth_token_);
  return request;
}

Task<absl::StatusOr<http::Response>> TwilioCarrier::Send(const http::Request& request) {
  const http::Limits limits = RestLimits();
  absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
  if (response.ok()) co_return response;
  co_return Error(response.status().code(), reasons::kCarrierUnreachable,
                  "Twilio is out of reach.");
}

Task<absl::StatusOr<std::string>> TwilioCarrier::Place(const CallSpec& spec) {
  http::Request request = Make("POST", "", {});
  request.headers.Set("content-type", "application/x-www-form-urlencoded");
  request.body = ComposeTwilioCall(spec, callbacks_).Encode();
  absl::StatusOr<http::Response> response = co_await Send(request);
  if (!response.ok()) co_return response.status();
  if (response->status / 100 == 2) co_return ParseTwilioSid(response->body);
  co_return ClassifyTwilioRefusal(response->status, response->body, spec.to);
}

Task<absl::StatusOr<std::string>> TwilioCarrier::FindPlaced(const std::string& from,
                                                            const std::string& to,
                                                            absl::Time not_before) {
  const std::string date = absl::FormatTime("%Y-%m-%d", not_before, absl::UTCTimeZone());
  const http::Form query = {{"To", to}, {"From", from}, {"StartTime>", date}, {"PageSize", "50"}};
  const http::Request request = Make("GET", "", query);
  absl::StatusOr<http::Response> response = co_await Send(request);
  if (!response.ok()) co_return response.status();
  if (response->status / 100 == 2) co_return FindTwilioCall(response->body, not_before);
  co_return ClassifyTwilioRefusal(response->status, response->body, to);
}

Task<absl::StatusOr<CarrierCall>> TwilioCarrier::Fetch(const std::string& carrier_call_id) {
  const http::Request request = Make("GET", "/" + http::PercentEncode(carrier_call_id), {});
  absl::StatusOr<http::Response> response = co_await Send(request);
  if (!response.ok()) co_return response.status();
  if (response->status / 100 == 2) co_return ParseTwilioCall(response->body);
  co_return ClassifyTwilioRefusal(response->status, response->body, "");
}

Task<absl::Status> TwilioCarrier::Change(const std::string& carrier_call_id,
                                         const http::Form& form) {
  http::Request request = Make("POST", "/" + http::PercentEncode(carrier_call_id), {});
  request.headers.Set("content-type", "application/x-www-form-urlencoded");
  request.body = form.Encode();
  absl::StatusOr<http::Response> response = co_await Send(request);
  if (!response.ok()) co_return response.status();
  if (response->status / 100 == 2) co_return absl::OkStatus();
  if (IsTwilioCallOver(response->status, response->body)) co_return absl::OkStatus();
  co_return ClassifyTwilioRefusal(response->status, response->body, "");
}

Task<absl::Status> TwilioCarrier::HangUp(const std::string& carrier_call_id) {
  const http::Form form = {{"Status", "completed"}};
  co_return co_await Change(carrier_call_id, form);
}

Task<absl::Status> TwilioCarrier::SayAndHangUp(const std::string& carrier_call_id,
                                               const std::string& text) {
  const http::Form form = ComposeTwilioSay(text);
  co_return co_await Change(carrier_call_id, form);
}

Task<absl::Status> TwilioCarrier::Transfer(const std::string& carrier_call_id,
                                           const TransferOrder& order) {
  const http::Form form = ComposeTwilioDial(order, callbacks_.dialed_url);
  co_return co_await Change(carrier_call_id, form);
}

}  // namespace latchkey::media
