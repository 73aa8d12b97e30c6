// Twilio's REST API for calls, without the socket: forms to send, answers to understand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/http/form.h"
#include "services/media/domain/call_ports.h"
#include "services/media/domain/transfer.h"

namespace latchkey::media {

// What Twilio must know of us to call.
struct TwilioCallbacks {
  std::string stream_url;  // wss://…/m/<instance>/<token>
  std::string status_url;  // https://…/carrier/twilio/<call_id>/status
  std::string dialed_url;  // https://…/m/<instance>/<call_id>/dialed
};

http::Form ComposeTwilioCall(const CallSpec& spec, const TwilioCallbacks& callbacks);
http::Form ComposeTwilioSay(std::string_view text);
// What becomes of it is told to `dialed_url`, whose answer says how the call goes on.
http::Form ComposeTwilioDial(const TransferOrder& order, std::string_view dialed_url);

// The carrier's name for the call, of the answer to a POST that made it. kInternal when the answer
// is none.
absl::StatusOr<std::string> ParseTwilioSid(std::string_view body);

// One call, of the answer to a GET.
absl::StatusOr<CarrierCall> ParseTwilioCall(std::string_view body);

// The youngest call of a list that was made at `not_before` or later (a call without a date is one
// that has not begun); "" when there is none.
absl::StatusOr<std::string> FindTwilioCall(std::string_view body, absl::Time not_before);

// "in-progress" and so on, of a callback or a resource. kInvalidArgument for anything else.
absl::StatusOr<CarrierCall::State> ParseTwilioState(std::string_view text);

// What became of a <Dial>, of the request to its `action`. kInvalidArgument for anything else.
absl::StatusOr<TransferResult> ParseTwilioDialed(const http::Form& form);

// An answer other than 2xx, as what it is: a refusal (kFailedPrecondition) with its reason and with
// what the tenant can do, or kUnavailable `carrier_unreachable` when nothing is known.
absl::Status ClassifyTwilioRefusal(int http_status, std::string_view body, std::string_view to);

// True when a call could not be changed because it is over (21220).
bool IsTwilioCallOver(int http_status, std::string_view body);

// Twilio's own code in the answer of a failure; 0 when there is none.
int64_t TwilioErrorCode(std::string_view body);

}  // namespace latchkey::media
