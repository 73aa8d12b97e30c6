#include "sandbox/carrier/exotel/call.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <utility>

#include "sandbox/carrier/exotel/numbers.h"

namespace latchkey::sandbox::exotel {
namespace {

namespace json = boost::json;

json::value TimeOrNull(const std::optional<absl::Time>& time) {
  if (!time) return nullptr;
  return json::value(ToText(*time));
}

// In progress from the order on: it does not mean answered.
std::string_view StatusOf(const ExotelCall& call) {
  return Ended(call.status) ? Text(call.status) : "in-progress";
}

json::value LegStatus(const ExotelCall& call) {
  if (call.status < CallStatus::kRinging) return nullptr;
  return json::value(Text(call.status));
}

bool Settled(const ExotelCall& call, const ExotelQuirks& quirks, absl::Time now) {
  return call.ended && now >= *call.ended + quirks.settle_delay;
}

// 60 paise a minute begun.
std::string Price(const ExotelCall& call) {
  const int64_t paise = 60 * ((call.BilledSeconds() + 59) / 60);
  return fmt::format("{}.{:02}", paise / 100, paise % 100);
}

}  // namespace

ExotelCall::ExotelCall(std::string id, std::string account, ExotelOrder placed, absl::Time now)
    : PhoneCall(Provider::kExotel, std::move(id), placed.customer, placed.exophone, now),
      account_sid(std::move(account)),
      order(std::move(placed)) {}

json::object ToJson(const ExotelCall& call, const ExotelQuirks& quirks, absl::Time now) {
  const bool settled = Settled(call, quirks, now);
  return {{"Sid", call.sid},
          {"ParentCallSid", nullptr},
          {"AccountSid", call.account_sid},
          {"From", call.order.customer},
          {"To", nullptr},
          {"PhoneNumberSid", ToLocal(call.order.exophone)},
          {"Status", StatusOf(call)},
          {"Direction", "outbound-api"},
          {"DateCreated", ToText(call.created)},
          {"DateUpdated", ToText(call.ended.value_or(call.answered.value_or(call.created)))},
          {"StartTime", ToText(call.created)},
          {"EndTime", settled ? TimeOrNull(call.ended) : json::value(nullptr)},
          {"Duration", settled ? json::value(call.BilledSeconds()) : json::value(nullptr)},
          {"Price", settled ? json::value(Price(call)) : json::value(nullptr)},
          {"AnsweredBy", call.answered ? json::value(quirks.answered_by) : json::value(nullptr)},
          {"ForwardedFrom", nullptr},
          {"CallerName", nullptr},
          {"Uri", fmt::format("/v1/Accounts/{}/Calls.json/{}", call.account_sid, call.sid)},
          {"CustomField", call.order.custom_field},
          {"RecordingUrl", nullptr}};
}

json::object DetailsJson(const ExotelCall& call, const ExotelQuirks& quirks, absl::Time now) {
  const bool settled = Settled(call, quirks, now);
  const int64_t seconds = call.BilledSeconds();
  return {{"ConversationDuration", settled ? json::value(seconds) : json::value(nullptr)},
          {"Leg1Status", LegStatus(call)},
          {"Leg2Status", nullptr},
          {"Legs", json::array{{{"Leg", {{"Id", 1}, {"OnCallDuration", seconds}}}}}}};
}

}  // namespace latchkey::sandbox::exotel
