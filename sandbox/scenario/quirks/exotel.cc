#include "sandbox/scenario/quirks/exotel.h"

#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {

ExotelQuirks ReadExotelQuirks(const boost::json::value& value, std::string place,
                              absl::Status& error) {
  ExotelQuirks quirks;
  Fields fields(value, std::move(place), error);
  fields.Finish();
  return quirks;
}

}  // namespace latchkey::sandbox
