// What is particular about Cartesia in a scenario.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "absl/status/status.h"

namespace latchkey::sandbox {

struct CartesiaQuirks {};

// A scenario's "quirks.cartesia". What is wrong with it comes into `error`.
CartesiaQuirks ReadCartesiaQuirks(const boost::json::value& value, std::string place,
                                  absl::Status& error);

}  // namespace latchkey::sandbox
