#include "sandbox/scenario/quirks/anthropic.h"

#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {

AnthropicQuirks ReadAnthropicQuirks(const boost::json::value& value, std::string place,
                                    absl::Status& error) {
  AnthropicQuirks quirks;
  Fields fields(value, std::move(place), error);
  fields.Finish();
  return quirks;
}

}  // namespace latchkey::sandbox
