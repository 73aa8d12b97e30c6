#include "sandbox/carrier/exotel/order_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "lib/http/url.h"
#include "sandbox/carrier/exotel/numbers.h"
#include "sandbox/carrier/exotel/stream_url.h"

namespace latchkey::sandbox::exotel {
namespace {

constexpr int kBadParameter = 34001;
constexpr size_t kStreamUrlMax = 600;
constexpr size_t kCustomFieldMax = 128;
constexpr int kTimeLimitMax = 14'400;

RestException Fine() { return {0, ""}; }

RestException Bad(std::string_view parameter) {
  return {400, fmt::format("Invalid parameter: {}", parameter), kBadParameter};
}

bool Contains(const std::vector<std::string>& list, const std::string& value) {
  return std::ranges::find(list, value) != list.end();
}

RestException CheckAccount(const ExotelAccount& account) {
  if (account.status != "active") return {403, "The account is suspended"};
  if (!account.kyc) {
    return {403,
            "Your account is not yet KYC compliant, which is mandatory by TRAI guidelines to "
            "connect outbound voice calls"};
  }
  if (account.balance == "0.00") return {402, "Insufficient balance"};
  return Fine();
}

RestException CheckNumbers(const ExotelAccount& account, const http::Form& form,
                           ExotelOrder& order) {
  const std::optional<std::string> customer = ToE164(form.Get("From"));
  if (!customer) return Bad("From");
  const std::optional<std::string> exophone = ToE164(form.Get("CallerId"));
  if (!exophone || !Contains(account.numbers, *exophone)) return Bad("CallerId");
  if (*customer == *exophone) return Bad("From");
  if (Contains(account.dnd_numbers, *customer)) {
    return {403, fmt::format("Call to {} can not be made because of TRAI NDNC regulations. See "
                             "support.exotel.com/support/solutions/articles/35421",
                             *customer)};
  }
  order.customer = *customer;
  order.exophone = *exophone;
  return Fine();
}

// http://my.exotel.com/{sid}/exoml/start_voice/{app_id}
RestException ReadFlow(const ExotelAccount& account, std::string_view url, ExotelOrder& order) {
  for (const ExotelFlow& flow : account.flows) {
    const std::string tail =
        fmt::format("://my.exotel.com/{}/exoml/start_voice/{}", account.sid, flow.app_id);
    if (url == "http" + tail || url == "https" + tail) order.flow = flow;
  }
  return order.flow ? Fine() : Bad("Url");
}

RestException ReadWhatRuns(const ExotelAccount& account, const http::Form& form,
                           ExotelOrder& order) {
  const bool streams = form.Has("StreamUrl");
  if (form.Has("To") || streams == form.Has("Url")) return Bad("Url");
  if (!streams) return ReadFlow(account, form.Get("Url"), order);
  if (!account.streams) return {403, "The feature voice streaming is not enabled for the account"};
  order.stream_url = form.Get("StreamUrl");
  if (form.Get("StreamType") != "bidirectional") return Bad("StreamType");
  const bool good =
      order.stream_url.size() < kStreamUrlMax && StreamUrl::Parse(order.stream_url).ok();
  return good ? Fine() : Bad("StreamUrl");
}

RestException ReadSeconds(const http::Form& form, const char* name, int most,
                          absl::Duration& member) {
  if (!form.Has(name)) return Fine();
  int seconds = 0;
  const bool number = absl::SimpleAtoi(std::string(form.Get(name)), &seconds);
  if (!number || seconds < 1 || seconds > most) return Bad(name);
  member = absl::Seconds(seconds);
  return Fine();
}

RestException ReadCallback(const http::Form& form, ExotelOrder& order) {
  order.status_callback = form.Get("StatusCallback");
  if (!order.status_callback.empty() && !http::Url::Parse(order.status_callback).ok()) {
    return Bad("StatusCallback");
  }
  // The key has the brackets; without them it is another parameter, which nobody knows.
  for (std::string_view event : form.GetAll("StatusCallbackEvents[]")) {
    if (event != "terminal" && event != "answered" && event != "ringing") {
      return Bad("StatusCallbackEvents");
    }
    order.events.emplace(event);
  }
  const std::string_view type = form.Get("StatusCallbackContentType");
  if (!type.empty() && type != "application/json" && type != "multipart/form-data") {
    return Bad("StatusCallbackContentType");
  }
  order.callback_json = type == "application/json";
  order.custom_field = form.Get("CustomField");
  return order.custom_field.size() <= kCustomFieldMax ? Fine() : Bad("CustomField");
}

}  // namespace

RestException CheckOrder(const ExotelAccount& account, const http::Form& form, ExotelOrder& order) {
  RestException wrong = CheckAccount(account);
  if (wrong.status == 0) wrong = CheckNumbers(account, form, order);
  if (wrong.status == 0) wrong = ReadWhatRuns(account, form, order);
  if (wrong.status == 0) wrong = ReadSeconds(form, "TimeLimit", kTimeLimitMax, order.length_max);
  if (wrong.status == 0) wrong = ReadSeconds(form, "TimeOut", 600, order.ring_max);
  if (wrong.status == 0) wrong = ReadCallback(form, order);
  return wrong;
}

}  // namespace latchkey::sandbox::exotel
