// The body of an Exotel callback: multipart as by default, or JSON as asked for. A rule.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "sandbox/carrier/exotel/call.h"

namespace latchkey::sandbox::exotel {

struct CallbackBody {
  std::string content_type;
  std::string text;
};

// Of the event "terminal", "answered" or "ringing". An order without events gets the four old
// fields only. In multipart, lists are flattened (Legs[0][Status]) and nothing is null.
CallbackBody MakeCallbackBody(const ExotelCall& call, std::string_view event,
                              const ExotelQuirks& quirks, absl::Time now);

}  // namespace latchkey::sandbox::exotel
