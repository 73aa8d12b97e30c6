// What is particular about Exotel in a scenario.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "absl/status/status.h"

namespace latchkey::sandbox {

struct ExotelQuirks {};

// A scenario's "quirks.exotel". What is wrong with it comes into `error`.
ExotelQuirks ReadExotelQuirks(const boost::json::value& value, std::string place,
                              absl::Status& error);

}  // namespace latchkey::sandbox
