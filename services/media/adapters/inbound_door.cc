#include "services/media/adapters/inbound_door.h"

#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "services/media/adapters/convert.h"
#include "services/media/adapters/twiml_response.h"
#include "services/media/carriers/twilio_twiml.h"
#include "services/media/domain/lines.h"
#include "services/media/domain/reasons.h"
#include "services/media/domain/refusal.h"

namespace latchkey::media {
namespace {

namespace pb = dialer::v1;

// Twilio waits 15 s for an answer; the caller hears ringing meanwhile.
constexpr absl::Duration kAdmitDeadline = absl::Seconds(8);
// A webhook of Twilio's has some 1 kB; one with a STIR passport, 3 kB.
constexpr size_t kBodyBytesMax = 16 * 1024;
// Ten times what one instance is meant to take in a second, so that it holds off floods alone.
constexpr double kPerSecondMax = 500;
// As many verifications at a time: what comes on top is told to come again.
constexpr int kInFlightMax = 256;

metrics::Counter& Webhooks(const char* result) {
  return metrics::MakeCounter("latchkey_media_inbound_webhooks_total",
                              "Webhooks of carriers about inbound calls, by what came of them.",
                              {{"result", result}});
}

http::Response Status(int status) {
  http::Response response;
  response.status = status;
  return response;
}

bool HasNoRoom(const absl::Status& started) {
  return absl::IsResourceExhausted(started) || Reason(started) == reasons::kInstanceDraining;
}

}  // namespace

InboundDoor::InboundDoor(Switchboard& switchboard, rpc::Client<pb::Dialer>& dialer,
                         const Addresses& addresses, std::string incarnation)
    : switchboard_(switchboard),
      dialer_(dialer),
      addresses_(addresses),
      incarnation_(std::move(incarnation)),
      limit_(kPerSecondMax, kPerSecondMax),
      admitted_(Webhooks("admitted")),
      refused_(Webhooks("refused")),
      forged_(Webhooks("forged")),
      failed_(Webhooks("failed")),
      limited_(Webhooks("limited")),
      seconds_(metrics::MakeHistogram("latchkey_media_inbound_answer_seconds",
                                      "From a webhook of an inbound call to its answer.",
                                      metrics::LatencySeconds())) {}

Task<http::Response> InboundDoor::Take(const http::ServerRequest& request) {
  const absl::Time begin = clock_.Now();
  if (!limit_.Take(begin) || in_flight_ >= kInFlightMax) {
    limited_.Add();
    co_return Status(429);
  }
  ++in_flight_;
  http::Response response = co_await Answer(request);
  --in_flight_;
  seconds_.Observe(absl::ToDoubleSeconds(clock_.Now() - begin));
  co_return response;
}

Task<http::Response> InboundDoor::Answer(const http::ServerRequest& request) {
  if (request.body.size() > kBodyBytesMax) co_return Status(413);
  const absl::StatusOr<http::Form> form = http::Form::Parse(request.body);
  if (!form.ok()) co_return Status(400);
  pb::AdmitInboundRequest ask;
  ask.set_carrier(type::v1::PROVIDER_TWILIO);
  ask.set_url(addresses_.public_url.At(request.target).Text());
  ask.set_signature(std::string(request.headers.Get("x-twilio-signature")));
  ask.set_incarnation(incarnation_);
  FillParameters(*form, *ask.mutable_parameters());
  ask.set_has_room(switchboard_.HasRoomFor(std::string(form->Get("CallSid"))));
  co_return co_await Admit(std::move(ask));
}

Task<http::Response> InboundDoor::Admit(pb::AdmitInboundRequest ask) {
  absl::StatusOr<pb::AdmitInboundResponse> answer = co_await Ask(ask);
  if (!answer.ok()) co_return Fail(answer.status());
  absl::StatusOr<std::string> url = answer->stream_url();
  if (answer->has_run()) {
    url = StartHere(answer->run());
    if (HasNoRoom(url.status())) {
      // The room went to another call meanwhile; dialer gives this one to another instance.
      ask.set_has_room(false);
      answer = co_await Ask(ask);
      if (!answer.ok()) co_return Fail(answer.status());
      url = answer->stream_url();
    }
  }
  if (answer->has_refusal()) co_return Refuse(answer->refusal().reason());
  if (!url.ok()) co_return Fail(url.status());
  admitted_.Add();
  co_return TwimlResponse(ComposeTwilioConnect(*url, lines::kApology));
}

Task<absl::StatusOr<pb::AdmitInboundResponse>> InboundDoor::Ask(
    const pb::AdmitInboundRequest& ask) {
  rpc::CallOptions options(kAdmitDeadline);
  options.wait_for_ready = true;  // The caller waits a moment longer while dialer restarts.
  co_return co_await rpc::Call(dialer_, &pb::Dialer::Stub::PrepareAsyncAdmitInbound, ask, options);
}

absl::StatusOr<std::string> InboundDoor::StartHere(const pb::InboundCall& run) {
  absl::StatusOr<CallSpec> spec = ParseSpec(run.spec());
  if (!spec.ok()) return spec.status();
  Ticket ticket{.bytes = run.ticket().ticket(), .signature = run.ticket().signature()};
  absl::StatusOr<std::string> token = switchboard_.Start(*std::move(spec), std::move(ticket));
  if (!token.ok()) return token.status();
  return StreamUrl(addresses_, *token);
}

http::Response InboundDoor::Refuse(const std::string& reason) {
  refused_.Add();
  const std::string_view sentence = RefusalSentence(reason);
  return TwimlResponse(sentence.empty() ? ComposeTwilioHangup() : ComposeTwilioSentence(sentence));
}

http::Response InboundDoor::Fail(const absl::Status& why) {
  if (absl::IsPermissionDenied(why)) {
    forged_.Add();
    return Status(403);
  }
  failed_.Add();
  log::Warn("inbound call not admitted", {{"status", why}});
  if (absl::IsInvalidArgument(why)) return Status(400);
  return TwimlResponse(ComposeTwilioSentence(lines::kApology));
}

}  // namespace latchkey::media
