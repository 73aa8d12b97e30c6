// What is particular about Twilio in a scenario.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "absl/status/status.h"

namespace latchkey::sandbox {

struct TwilioQuirks {};

// A scenario's "quirks.twilio". What is wrong with it comes into `error`.
TwilioQuirks ReadTwilioQuirks(const boost::json::value& value, std::string place,
                              absl::Status& error);

}  // namespace latchkey::sandbox
