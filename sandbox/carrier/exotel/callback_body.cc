#include "sandbox/carrier/exotel/callback_body.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "sandbox/carrier/exotel/numbers.h"

namespace latchkey::sandbox::exotel {
namespace {

namespace json = boost::json;

constexpr std::string_view kBoundary = "------------------------5a4d0b0c7e11";

json::value Seconds(int64_t seconds, const ExotelQuirks& quirks) {
  if (quirks.callback_numbers_as_text) return json::value(fmt::to_string(seconds));
  return json::value(seconds);
}

json::object Leg(const ExotelCall& call, const ExotelQuirks& quirks) {
  return {{"OnCallDuration", Seconds(call.BilledSeconds(), quirks)},
          {"Status", Text(call.status)},
          {"AnsweredBy", call.answered ? quirks.answered_by : "NA"}};
}

json::object Fields(const ExotelCall& call, std::string_view event, const ExotelQuirks& quirks,
                    absl::Time now) {
  const std::string_view status = event == "ringing" ? "in-progress" : Text(call.status);
  json::object fields = {{"CallSid", call.sid},
                         {"Status", status},
                         {"DateUpdated", ToText(now)},
                         {"RecordingUrl", ""}};
  if (call.order.events.empty()) return fields;
  const std::string& customer = call.order.customer;
  fields["EventType"] = event;
  fields["DateCreated"] = ToText(call.created);
  fields["Direction"] = "outbound-api";
  fields["From"] = quirks.local_numbers ? ToLocal(customer) : customer;
  fields["To"] = "";
  fields["PhoneNumberSid"] = ToLocal(call.order.exophone);
  fields["StartTime"] = ToText(call.created);
  fields["EndTime"] = call.ended ? json::value(ToText(*call.ended)) : json::value(nullptr);
  fields["ConversationDuration"] = Seconds(call.BilledSeconds(), quirks);
  fields["CustomField"] = call.order.custom_field;
  fields["Legs"] = json::array{Leg(call, quirks)};
  return fields;
}

void AddPart(const std::string& name, const json::value& value, std::string& body) {
  if (const json::array* const array = value.if_array()) {
    int index = 0;
    for (const json::value& item : *array)
      AddPart(fmt::format("{}[{}]", name, index++), item, body);
    return;
  }
  if (const json::object* const object = value.if_object()) {
    for (const auto& [key, member] : *object) {
      AddPart(fmt::format("{}[{}]", name, std::string_view(key)), member, body);
    }
    return;
  }
  std::string text;
  if (value.is_string()) {
    text = value.get_string().c_str();
  } else if (!value.is_null()) {
    text = json::serialize(value);
  }
  body += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n",
                      kBoundary, name, text);
}

}  // namespace

CallbackBody MakeCallbackBody(const ExotelCall& call, std::string_view event,
                              const ExotelQuirks& quirks, absl::Time now) {
  const json::object fields = Fields(call, event, quirks, now);
  if (call.order.callback_json) return {"application/json", json::serialize(fields)};
  CallbackBody body{fmt::format("multipart/form-data; boundary={}", kBoundary), ""};
  for (const auto& [name, value] : fields) AddPart(std::string(name), value, body.text);
  body.text += fmt::format("--{}--\r\n", kBoundary);
  return body;
}

}  // namespace latchkey::sandbox::exotel
