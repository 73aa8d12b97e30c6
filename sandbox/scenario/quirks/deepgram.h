// What is particular about Deepgram in a scenario.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "absl/status/status.h"

namespace latchkey::sandbox {

struct DeepgramQuirks {};

// A scenario's "quirks.deepgram". What is wrong with it comes into `error`.
DeepgramQuirks ReadDeepgramQuirks(const boost::json::value& value, std::string place,
                                  absl::Status& error);

}  // namespace latchkey::sandbox
