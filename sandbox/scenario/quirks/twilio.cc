#include "sandbox/scenario/quirks/twilio.h"

#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {

TwilioQuirks ReadTwilioQuirks(const boost::json::value& value, std::string place,
                              absl::Status& error) {
  TwilioQuirks quirks;
  Fields fields(value, std::move(place), error);
  fields.Finish();
  return quirks;
}

}  // namespace latchkey::sandbox
