// ExotelCall: one call as Exotel knows it, and as it shows it.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <set>
#include <string>

#include "absl/time/time.h"
#include "sandbox/carrier/phone_call.h"
#include "sandbox/scenario/accounts.h"
#include "sandbox/scenario/quirks/exotel.h"

namespace latchkey::sandbox::exotel {

// What a POST to Calls/connect asked for, after its check. Either `stream_url` or `flow` is set.
struct ExotelOrder {
  std::string customer, exophone;  // E.164
  std::string stream_url;
  std::optional<ExotelFlow> flow;
  std::string custom_field;
  std::string status_callback;
  std::set<std::string> events;  // Empty: only the terminal one, with the few old fields.
  bool callback_json = false;    // Else multipart/form-data.
  absl::Duration ring_max = absl::Seconds(60);
  absl::Duration length_max = absl::Hours(4);
};

struct ExotelCall final : PhoneCall {
  ExotelCall(std::string id, std::string account, ExotelOrder placed, absl::Time now);

  const std::string account_sid;
  const ExotelOrder order;
  std::string digits;  // Pressed by the person so far.
};

// "Call" of an answer. What is only known some time after the end is null until then.
boost::json::object ToJson(const ExotelCall& call, const ExotelQuirks& quirks, absl::Time now);

// "Details" of an answer, about the one leg.
boost::json::object DetailsJson(const ExotelCall& call, const ExotelQuirks& quirks, absl::Time now);

}  // namespace latchkey::sandbox::exotel
