// What is particular about OpenAI in a scenario.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "absl/status/status.h"

namespace latchkey::sandbox {

struct OpenaiQuirks {};

// A scenario's "quirks.openai". What is wrong with it comes into `error`.
OpenaiQuirks ReadOpenaiQuirks(const boost::json::value& value, std::string place,
                              absl::Status& error);

}  // namespace latchkey::sandbox
