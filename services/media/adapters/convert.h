// Convert: between media's values and the messages that travel.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "latchkey/dialer/v1/dialer.pb.h"
#include "latchkey/media/v1/media.pb.h"
#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "lib/http/form.h"
#include "services/media/domain/call_ports.h"

namespace latchkey::media {

absl::Duration ToDuration(const google::protobuf::Duration& message);
absl::Time ToTime(const google::protobuf::Timestamp& message);
void FillDuration(absl::Duration duration, google::protobuf::Duration& message);
void FillTime(absl::Time time, google::protobuf::Timestamp& message);

// kInvalidArgument `malformed_request` names what is missing.
absl::StatusOr<CallSpec> ParseSpec(const v1::CallSpec& message);

// A form's parameters, in order.
using CarrierParameters = google::protobuf::RepeatedPtrField<dialer::v1::CarrierParameter>;
void FillParameters(const http::Form& form, CarrierParameters& message);

dialer::v1::CallState ToCallState(const std::string& state);
void FillOutcome(const std::string& call_id, const Outcome& outcome,
                 dialer::v1::CompleteCallRequest& message);
// The call's `direction` says what the person in it is called.
void FillEvent(absl::Time when, const CallEvent& event, Direction direction,
               orchestrator::v1::CallEvent& message);

}  // namespace latchkey::media
