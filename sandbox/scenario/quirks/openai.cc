#include "sandbox/scenario/quirks/openai.h"

#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {

OpenaiQuirks ReadOpenaiQuirks(const boost::json::value& value, std::string place,
                              absl::Status& error) {
  OpenaiQuirks quirks;
  Fields fields(value, std::move(place), error);
  fields.Finish();
  return quirks;
}

}  // namespace latchkey::sandbox
