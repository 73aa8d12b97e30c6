#include "sandbox/scenario/quirks/cartesia.h"

#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {

CartesiaQuirks ReadCartesiaQuirks(const boost::json::value& value, std::string place,
                                  absl::Status& error) {
  CartesiaQuirks quirks;
  Fields fields(value, std::move(place), error);
  fields.Finish();
  return quirks;
}

}  // namespace latchkey::sandbox
