#include "services/dialer/adapters/convert.h"

#include <fmt/format.h>

#include <charconv>

#include "lib/base/error.h"
#include "services/dialer/adapters/grpc_media.h"
#include "services/dialer/adapters/times.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {
namespace {

constexpr size_t kRequestIdBytesMax = 128;
constexpr size_t kReasonBytesMax = 64;
constexpr size_t kMessageBytesMax = 1000;
constexpr size_t kCarrierCallIdBytesMax = 64;
constexpr size_t kAddressBytesMax = 255;
constexpr size_t kIncarnationBytesMax = 64;
constexpr size_t kParametersMax = 200;
constexpr int kCallPageStandard = 50;
// A day: longer than any carrier lets a call be.
constexpr int64_t kAnsweredSecondsMax = 24 * 60 * 60;

absl::Status Malformed(std::string_view field) {
  return Error(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest,
               fmt::format("The field {} is missing or out of range.", field));
}

absl::StatusOr<Disposition> ParseDisposition(v1::Disposition disposition) {
  switch (disposition) {
    case v1::DISPOSITION_COMPLETED:
      return Disposition::kCompleted;
    case v1::DISPOSITION_BUSY:
      return Disposition::kBusy;
    case v1::DISPOSITION_NO_ANSWER:
      return Disposition::kNoAnswer;
    case v1::DISPOSITION_FAILED:
      return Disposition::kFailed;
    case v1::DISPOSITION_CANCELED:
      return Disposition::kCanceled;
    default:
      return Malformed("disposition");
  }
}

v1::Disposition DispositionMessage(Disposition disposition) {
  switch (disposition) {
    case Disposition::kNone:
      return v1::DISPOSITION_UNSPECIFIED;
    case Disposition::kCompleted:
      return v1::DISPOSITION_COMPLETED;
    case Disposition::kBusy:
      return v1::DISPOSITION_BUSY;
    case Disposition::kNoAnswer:
      return v1::DISPOSITION_NO_ANSWER;
    case Disposition::kFailed:
      return v1::DISPOSITION_FAILED;
    case Disposition::kCanceled:
      return v1::DISPOSITION_CANCELED;
  }
  return v1::DISPOSITION_UNSPECIFIED;
}

absl::StatusOr<CallState> ParseRunningState(v1::CallState state) {
  if (state == v1::CALL_STATE_PLACING) return CallState::kPlacing;
  if (state == v1::CALL_STATE_RINGING) return CallState::kRinging;
  if (state == v1::CALL_STATE_ANSWERED) return CallState::kAnswered;
  return Malformed("state");
}

}  // namespace

absl::StatusOr<Order> ParseOrder(const v1::PlaceCallRequest& request) {
  if (request.request_id().empty() || request.request_id().size() > kRequestIdBytesMax) {
    return Malformed("request_id");
  }
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) return Malformed("tenant_id");
  absl::StatusOr<NumberId> number = NumberId::Parse(request.number_id());
  if (!number.ok()) return Malformed("number_id");
  absl::StatusOr<E164> to = E164::Parse(request.to());
  if (!to.ok()) return to.status();
  return Order{request.request_id(), *std::move(tenant), *std::move(number), *std::move(to)};
}

absl::StatusOr<Progress> ParseProgress(const v1::ReportProgressRequest& request) {
  absl::StatusOr<CallState> state = ParseRunningState(request.state());
  if (!state.ok()) return state.status();
  if (request.carrier_call_id().size() > kCarrierCallIdBytesMax)
    return Malformed("carrier_call_id");
  if (!request.has_event_time() || !IsTime(request.event_time())) return Malformed("event_time");
  return Progress{*state, request.carrier_call_id(), ToTime(request.event_time())};
}

absl::StatusOr<Outcome> ParseOutcome(const v1::CompleteCallRequest& request) {
  absl::StatusOr<Disposition> disposition = ParseDisposition(request.disposition());
  if (!disposition.ok()) return disposition.status();
  if (request.reason().size() > kReasonBytesMax) return Malformed("reason");
  if (request.message().size() > kMessageBytesMax) return Malformed("message");
  if (request.carrier_call_id().size() > kCarrierCallIdBytesMax)
    return Malformed("carrier_call_id");
  if (!request.has_end_time() || !IsTime(request.end_time())) return Malformed("end_time");
  if (request.has_answer_time() && !IsTime(request.answer_time())) return Malformed("answer_time");
  Outcome outcome;
  outcome.disposition = *disposition;
  outcome.reason = request.reason();
  outcome.message = request.message();
  outcome.carrier_call_id = request.carrier_call_id();
  if (request.has_answer_time()) outcome.answer_time = ToTime(request.answer_time());
  outcome.end_time = ToTime(request.end_time());
  if (request.has_carrier_duration()) {
    const int64_t seconds = request.carrier_duration().seconds();
    if (seconds < 0 || seconds > kAnsweredSecondsMax) return Malformed("carrier_duration");
    outcome.carrier_answered_s = seconds;
  }
  return outcome;
}

namespace {

template <typename Request>
absl::StatusOr<CarrierRequest> ParseSigned(const Request& request) {
  if (request.url().empty()) return Malformed("url");
  if (request.parameters_size() > static_cast<int>(kParametersMax)) return Malformed("parameters");
  CarrierRequest parsed;
  parsed.url = request.url();
  parsed.signature = request.signature();
  for (const v1::CarrierParameter& parameter : request.parameters()) {
    parsed.parameters.emplace_back(parameter.name(), parameter.value());
  }
  return parsed;
}

}  // namespace

absl::StatusOr<CarrierRequest> ParseCarrierRequest(const v1::ReportCarrierEventRequest& request) {
  return ParseSigned(request);
}

absl::StatusOr<InboundAsk> ParseInboundAsk(const std::string& instance,
                                           const v1::AdmitInboundRequest& request) {
  absl::StatusOr<Provider> carrier = provider::ParseProvider(static_cast<int>(request.carrier()));
  if (!carrier.ok()) return Malformed("carrier");
  if (request.incarnation().empty() || request.incarnation().size() > kIncarnationBytesMax) {
    return Malformed("incarnation");
  }
  absl::StatusOr<CarrierRequest> webhook = ParseSigned(request);
  if (!webhook.ok()) return webhook.status();
  InboundAsk ask;
  ask.carrier = *carrier;
  ask.webhook = *std::move(webhook);
  ask.instance = instance;
  ask.incarnation = request.incarnation();
  ask.has_room = request.has_room();
  return ask;
}

void FillAnswer(const InboundAnswer& answer, v1::AdmitInboundResponse& message) {
  message.set_call_id(answer.call_id);
  if (answer.run.has_value()) {
    FillSpec(answer.run->call, answer.run->agent, *message.mutable_run()->mutable_spec());
    FillTicket(answer.run->ticket, *message.mutable_run()->mutable_ticket());
  } else if (!answer.stream_url.empty()) {
    message.set_stream_url(answer.stream_url);
  } else {
    message.mutable_refusal()->set_reason(answer.refusal);
  }
}

absl::StatusOr<MediaInstance> ParseInstance(const std::string& name,
                                            const v1::HeartbeatRequest& request, absl::Time now) {
  if (request.address().empty() || request.address().size() > kAddressBytesMax) {
    return Malformed("address");
  }
  if (request.incarnation().empty() || request.incarnation().size() > kIncarnationBytesMax) {
    return Malformed("incarnation");
  }
  if (request.capacity() < 0 || request.live_calls() < 0) return Malformed("capacity");
  MediaInstance instance;
  instance.name = name;
  instance.address = request.address();
  instance.incarnation = request.incarnation();
  instance.capacity = request.capacity();
  instance.live_calls = request.live_calls();
  instance.draining = request.draining();
  instance.heartbeat_time = now;
  return instance;
}

absl::StatusOr<std::optional<CallCursor>> ParseCursor(const std::string& token) {
  if (token.empty()) return std::optional<CallCursor>();
  int64_t micros = 0;
  const char* end = token.data() + token.size();
  const auto [at, error] = std::from_chars(token.data(), end, micros);
  if (error != std::errc() || at == end || *at != '.') return Malformed("page_token");
  absl::StatusOr<CallId> call = CallId::Parse(std::string_view(at + 1, end));
  if (!call.ok()) return Malformed("page_token");
  if (!IsTimestamp(micros / 1'000'000, 0)) return Malformed("page_token");
  return std::optional<CallCursor>(CallCursor{absl::FromUnixMicros(micros), call->text()});
}

int PageSize(int asked) {
  if (asked <= 0) return kCallPageStandard;
  return asked > kCallPageMax ? kCallPageMax : asked;
}

v1::CallState StateMessage(CallState state) {
  switch (state) {
    case CallState::kQueued:
      return v1::CALL_STATE_QUEUED;
    case CallState::kPlacing:
      return v1::CALL_STATE_PLACING;
    case CallState::kRinging:
      return v1::CALL_STATE_RINGING;
    case CallState::kAnswered:
      return v1::CALL_STATE_ANSWERED;
    case CallState::kEnded:
      return v1::CALL_STATE_ENDED;
  }
  return v1::CALL_STATE_UNSPECIFIED;
}

type::v1::CallDirection DirectionMessage(Direction direction) {
  return direction == Direction::kInbound ? type::v1::CALL_DIRECTION_INBOUND
                                          : type::v1::CALL_DIRECTION_OUTBOUND;
}

void FillCall(const Call& call, v1::Call& message) {
  message.set_call_id(call.id.text());
  message.set_tenant_id(call.tenant.text());
  message.set_number_id(call.number.text());
  message.set_from(call.from);
  message.set_to(call.to);
  message.set_direction(DirectionMessage(call.direction));
  message.set_state(StateMessage(call.state));
  message.set_disposition(DispositionMessage(call.disposition));
  message.set_reason(call.reason);
  message.set_message(call.message);
  message.set_carrier_call_id(call.carrier_call_id);
  message.set_media_instance(call.media_instance);
  FillTime(call.create_time, *message.mutable_create_time());
  if (call.answer_time.has_value()) FillTime(*call.answer_time, *message.mutable_answer_time());
  if (call.end_time.has_value()) FillTime(*call.end_time, *message.mutable_end_time());
  message.mutable_answered_duration()->set_seconds(call.answered_s);
  message.mutable_rate_per_minute()->set_currency_code(call.rate.per_minute.currency);
  message.mutable_rate_per_minute()->set_micros(call.rate.per_minute.micros);
}

void FillPage(const CallPage& page, v1::ListCallsResponse& message) {
  for (const Call& call : page.calls) FillCall(call, *message.add_calls());
  if (!page.next.has_value()) return;
  message.set_next_page_token(
      fmt::format("{}.{}", absl::ToUnixMicros(page.next->create_time), page.next->call));
}

}  // namespace latchkey::dialer
