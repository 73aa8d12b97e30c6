// What is particular about Anthropic in a scenario.
#pragma once

#include <boost/json/value.hpp>
#include <string>

#include "absl/status/status.h"

namespace latchkey::sandbox {

struct AnthropicQuirks {};

// A scenario's "quirks.anthropic". What is wrong with it comes into `error`.
AnthropicQuirks ReadAnthropicQuirks(const boost::json::value& value, std::string place,
                                    absl::Status& error);

}  // namespace latchkey::sandbox
