#include "services/media/adapters/carrier_door.h"

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "services/media/adapters/convert.h"
#include "services/media/adapters/twiml_response.h"
#include "services/media/carriers/twilio_rest.h"
#include "services/media/carriers/twilio_twiml.h"
#include "services/media/domain/transfer.h"

namespace latchkey::media {
namespace {

namespace pb = dialer::v1;

// Twilio gives a callback 15 s in all.
constexpr absl::Duration kVerifyDeadline = absl::Seconds(8);

bool IsStreamPath(const std::vector<std::string>& path) {
  return path.size() == 3 && path[0] == "m";
}

bool IsCallbackPath(const std::vector<std::string>& path) {
  return path.size() == 4 && path[0] == "carrier" && path[1] == "twilio" && path[3] == "status";
}

bool IsDialedPath(const std::vector<std::string>& path) {
  return path.size() == 4 && path[0] == "m" && path[3] == "dialed";
}

int StatusFor(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return 204;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kInvalidArgument:
      return 400;
    default:
      return 503;
  }
}

}  // namespace

CarrierDoor::CarrierDoor(Switchboard& switchboard, rpc::Client<pb::Dialer>& dialer,
                         InboundDoor& inbound, const Addresses& addresses)
    : switchboard_(switchboard),
      dialer_(dialer),
      inbound_(inbound),
      addresses_(addresses),
      strange_streams_(metrics::MakeCounter(
          "latchkey_media_strange_streams_total",
          "Media streams that came with a token that is not ours, or for another instance.")) {}

Task<void> CarrierDoor::Handle(const http::ServerRequest& request, http::Responder& responder) {
  const std::vector<std::string>& path = request.parsed.segments;
  if (IsStreamPath(path) && request.upgrade) {
    co_await TakeStream(request, responder);
    co_return;
  }
  http::Response response;
  response.status = 404;
  if (request.parsed.path == kInboundPath && request.method == "POST") {
    response = co_await inbound_.Take(request);
  } else if (IsCallbackPath(path) && request.method == "POST") {
    response.status = co_await TakeCallback(request);
  } else if (IsDialedPath(path) && request.method == "POST") {
    response = co_await TakeDialed(request);
  }
  absl::Status sent = co_await responder.Send(response);
}

Task<void> CarrierDoor::TakeStream(const http::ServerRequest& request, http::Responder& responder) {
  const std::vector<std::string>& path = request.parsed.segments;
  if (path[1] == addresses_.instance && switchboard_.knows_token(path[2])) {
    std::unique_ptr<http::PendingUpgrade> upgrade = responder.TakeUpgrade();
    if (upgrade != nullptr) switchboard_.OpenStream(path[2], std::move(upgrade));
    co_return;
  }
  strange_streams_.Add();
  http::Response response;
  response.status = 404;
  absl::Status sent = co_await responder.Send(response);
}

Task<int> CarrierDoor::TakeCallback(const http::ServerRequest& request) {
  const absl::StatusOr<http::Form> form = http::Form::Parse(request.body);
  if (!form.ok()) co_return 400;
  // Of an inbound call, whose number's callback it is, the carrier's own name is in the form.
  const bool inbound = request.parsed.path == kInboundStatusPath;
  const std::string call_id = inbound ? std::string() : request.parsed.segments[2];
  const absl::StatusOr<pb::ReportCarrierEventResponse> response =
      co_await Verify(request, call_id, *form);
  if (response.ok()) Follow(inbound ? response->call_id() : call_id, *form);
  co_return StatusFor(response.status());
}

Task<http::Response> CarrierDoor::TakeDialed(const http::ServerRequest& request) {
  http::Response response;
  response.status = 404;
  const std::vector<std::string>& path = request.parsed.segments;
  if (path[1] != addresses_.instance) co_return response;
  const absl::StatusOr<http::Form> form = http::Form::Parse(request.body);
  response.status = 400;
  if (!form.ok()) co_return response;
  const absl::StatusOr<pb::ReportCarrierEventResponse> genuine =
      co_await Verify(request, path[2], *form);
  response.status = StatusFor(genuine.status());
  if (!genuine.ok()) co_return response;
  const absl::StatusOr<TransferResult> result = ParseTwilioDialed(*form);
  response.status = StatusFor(result.status());
  if (!result.ok()) co_return response;
  switchboard_.OnTransferResult(path[2], *result);
  const std::string_view sentence = TransferSentence(*result);
  co_return TwimlResponse(sentence.empty() ? ComposeTwilioHangup()
                                           : ComposeTwilioSentence(sentence));
}

Task<absl::StatusOr<pb::ReportCarrierEventResponse>> CarrierDoor::Verify(
    const http::ServerRequest& request, const std::string& call_id, const http::Form& form) {
  pb::ReportCarrierEventRequest report;
  report.set_call_id(call_id);
  report.set_carrier(type::v1::PROVIDER_TWILIO);
  report.set_url(addresses_.public_url.At(request.target).Text());
  report.set_signature(std::string(request.headers.Get("x-twilio-signature")));
  FillParameters(form, *report.mutable_parameters());
  rpc::CallOptions options(kVerifyDeadline, call_id);
  options.wait_for_ready = true;  // A carrier that is told 503 does not always come again.
  absl::StatusOr<pb::ReportCarrierEventResponse> response = co_await rpc::Call(
      dialer_, &pb::Dialer::Stub::PrepareAsyncReportCarrierEvent, report, options);
  if (!response.ok()) {
    log::Warn("carrier callback not taken", {{"call_id", call_id}, {"status", response.status()}});
  }
  co_return response;
}

// Verified: the call may act on it.
void CarrierDoor::Follow(const std::string& call_id, const http::Form& form) {
  const absl::StatusOr<CarrierCall::State> state = ParseTwilioState(form.Get("CallStatus"));
  if (state.ok()) switchboard_.OnCarrierState(call_id, *state);
}

}  // namespace latchkey::media
