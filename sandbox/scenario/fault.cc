#include "sandbox/scenario/fault.h"

#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {

Fault ReadFault(const boost::json::value& value, std::string place, absl::Status& error) {
  Fault fault;
  Fields fields(value, std::move(place), error);
  fields.Choice("provider", fault.provider, kProviders);
  fields.Text("who", fault.who);
  fields.Choice("moment", fault.moment,
                {{"connect", Fault::Moment::kConnect},
                 {"first_byte", Fault::Moment::kFirstByte},
                 {"mid_stream", Fault::Moment::kMidStream},
                 {"end", Fault::Moment::kEnd}});
  fields.Choice("kind", fault.kind,
                {{"status", Fault::Kind::kStatus},
                 {"drop", Fault::Kind::kDrop},
                 {"hang", Fault::Kind::kHang},
                 {"slow", Fault::Kind::kSlow},
                 {"half_frame", Fault::Kind::kHalfFrame},
                 {"garbage", Fault::Kind::kGarbage},
                 {"close", Fault::Kind::kClose}});
  fields.Number("status", fault.status);
  fields.Text("code", fault.code);
  fields.Number("close_code", fault.close_code);
  fields.Text("reason", fault.reason);
  fields.Milliseconds("delay_ms", fault.delay);
  fields.Number("retry_after", fault.retry_after);
  fields.Number("after", fault.after);
  fields.Number("times", fault.times);
  fields.Finish();
  return fault;
}

absl::StatusOr<Fault> ParseFault(std::string_view text) {
  absl::StatusOr<boost::json::value> value = ParseScenarioJson(text);
  if (!value.ok()) return value.status();
  absl::Status error;
  Fault fault = ReadFault(*value, "the fault", error);
  if (!error.ok()) return error;
  return fault;
}

}  // namespace latchkey::sandbox
