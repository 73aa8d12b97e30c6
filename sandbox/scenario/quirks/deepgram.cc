#include "sandbox/scenario/quirks/deepgram.h"

#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {

DeepgramQuirks ReadDeepgramQuirks(const boost::json::value& value, std::string place,
                                  absl::Status& error) {
  DeepgramQuirks quirks;
  Fields fields(value, std::move(place), error);
  fields.Finish();
  return quirks;
}

}  // namespace latchkey::sandbox
