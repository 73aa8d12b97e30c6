#include "services/gateway/adapters/calls_api.h"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <optional>

#include "absl/time/time.h"
#include "lib/base/error.h"
#include "lib/rpc/client_stream.h"
#include "services/gateway/adapters/json_views.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

namespace json = boost::json;
namespace orch = orchestrator::v1;
using billing::v1::Billing;
using dialer::v1::Dialer;
using orch::Orchestrator;

constexpr absl::Duration kCallLimit = absl::Seconds(5);
// Admission asks four services.
constexpr absl::Duration kPlaceLimit = absl::Seconds(10);
// A stream ends after 5 minutes at most (docs/architecture.md); a client goes on from its last
// event.
constexpr absl::Duration kStreamLimit = absl::Seconds(330);

rpc::CallOptions Options(const ApiRequest& request, absl::Duration limit) {
  const std::string call = request.parameters.empty() ? "" : request.parameters[0];
  return rpc::CallOptions(limit, call, request.tenant.tenant_id());
}

Reply CallReply(int status, const dialer::v1::Call& call) {
  Reply reply;
  reply.status = status;
  reply.body = CallView(call);
  return reply;
}

// A time in the query, such as from=2026-11-01T00:00:00Z; nothing when it is absent.
absl::StatusOr<std::optional<absl::Time>> TimeParameter(const ApiRequest& request,
                                                        const std::string& name) {
  const auto found = request.query.find(name);
  if (found == request.query.end()) return std::nullopt;
  absl::Time time;
  std::string why;
  if (!absl::ParseTime(absl::RFC3339_full, found->second, &time, &why)) {
    return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedParameter,
                 fmt::format("The parameter {} has to be a time like 2026-11-01T00:00:00Z.", name));
  }
  return time;
}

std::string TextParameter(const ApiRequest& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

bool IsLast(const orch::CallEvent& event) {
  return event.has_state() && event.state().state() == "ended";
}

}  // namespace

Task<absl::StatusOr<Reply>> CallsApi::Place(const ApiRequest& request) {
  if (request.idempotency_key.empty()) {
    co_return Error(absl::StatusCode::kInvalidArgument, reason::kIdempotencyKeyMissing,
                    "Send a header Idempotency-Key, new for each call, so that a repeated request "
                    "does not call twice.");
  }
  const absl::StatusOr<json::object> body = ParseBody(request.body);
  if (!body.ok()) co_return body.status();
  const absl::StatusOr<std::string> number_id = TextField(*body, "numberId");
  if (!number_id.ok()) co_return number_id.status();
  const absl::StatusOr<std::string> to = TextField(*body, "to");
  if (!to.ok()) co_return to.status();
  dialer::v1::PlaceCallRequest place;
  place.set_request_id(request.idempotency_key);
  place.set_tenant_id(request.tenant.tenant_id());
  place.set_number_id(*number_id);
  place.set_to(*to);
  const rpc::CallOptions options = Options(request, kPlaceLimit);
  absl::StatusOr<dialer::v1::PlaceCallResponse> placed =
      co_await rpc::Call(dialer_, &Dialer::Stub::PrepareAsyncPlaceCall, place, options);
  if (!placed.ok()) co_return placed.status();
  co_return CallReply(201, placed->call());
}

Task<absl::StatusOr<Reply>> CallsApi::List(const ApiRequest& request) {
  const absl::StatusOr<int32_t> page_size = IntegerParameter(request, "pageSize");
  if (!page_size.ok()) co_return page_size.status();
  dialer::v1::ListCallsRequest list;
  list.set_tenant_id(request.tenant.tenant_id());
  list.set_page_size(*page_size);
  list.set_page_token(TextParameter(request, "pageToken"));
  const rpc::CallOptions options = Options(request, kCallLimit);
  absl::StatusOr<dialer::v1::ListCallsResponse> page =
      co_await rpc::Call(dialer_, &Dialer::Stub::PrepareAsyncListCalls, list, options);
  if (!page.ok()) co_return page.status();
  json::array calls;
  for (const dialer::v1::Call& call : page->calls()) calls.push_back(CallView(call));
  Reply reply;
  reply.body = {{"calls", std::move(calls)}, {"nextPageToken", page->next_page_token()}};
  co_return reply;
}

Task<absl::StatusOr<Reply>> CallsApi::Get(const ApiRequest& request) {
  dialer::v1::GetCallRequest get;
  get.set_tenant_id(request.tenant.tenant_id());
  get.set_call_id(request.parameters[0]);
  const rpc::CallOptions options = Options(request, kCallLimit);
  absl::StatusOr<dialer::v1::GetCallResponse> found =
      co_await rpc::Call(dialer_, &Dialer::Stub::PrepareAsyncGetCall, get, options);
  if (!found.ok()) co_return found.status();
  co_return CallReply(200, found->call());
}

Task<absl::StatusOr<Reply>> CallsApi::End(const ApiRequest& request) {
  dialer::v1::EndCallRequest end;
  end.set_tenant_id(request.tenant.tenant_id());
  end.set_call_id(request.parameters[0]);
  const rpc::CallOptions options = Options(request, kCallLimit);
  absl::StatusOr<dialer::v1::EndCallResponse> ended =
      co_await rpc::Call(dialer_, &Dialer::Stub::PrepareAsyncEndCall, end, options);
  if (!ended.ok()) co_return ended.status();
  co_return CallReply(200, ended->call());
}

Task<absl::StatusOr<Reply>> CallsApi::GetTranscript(const ApiRequest& request) {
  orch::GetTranscriptRequest get;
  get.set_tenant_id(request.tenant.tenant_id());
  get.set_call_id(request.parameters[0]);
  const rpc::CallOptions options = Options(request, kCallLimit);
  absl::StatusOr<orch::GetTranscriptResponse> transcript = co_await rpc::Call(
      orchestrator_, &Orchestrator::Stub::PrepareAsyncGetTranscript, get, options);
  if (!transcript.ok()) co_return transcript.status();
  Reply reply;
  reply.body = TranscriptView(*transcript);
  co_return reply;
}

Task<absl::StatusOr<Reply>> CallsApi::GetUsage(const ApiRequest& request) {
  const absl::StatusOr<int32_t> page_size = IntegerParameter(request, "pageSize");
  if (!page_size.ok()) co_return page_size.status();
  const absl::StatusOr<std::optional<absl::Time>> from = TimeParameter(request, "from");
  if (!from.ok()) co_return from.status();
  const absl::StatusOr<std::optional<absl::Time>> to = TimeParameter(request, "to");
  if (!to.ok()) co_return to.status();
  billing::v1::GetUsageRequest get;
  get.set_tenant_id(request.tenant.tenant_id());
  get.set_call_id(TextParameter(request, "callId"));
  get.set_page_size(*page_size);
  get.set_page_token(TextParameter(request, "pageToken"));
  if (from->has_value()) get.mutable_start_time()->set_seconds(absl::ToUnixSeconds(**from));
  if (to->has_value()) get.mutable_end_time()->set_seconds(absl::ToUnixSeconds(**to));
  const rpc::CallOptions options = Options(request, kCallLimit);
  absl::StatusOr<billing::v1::GetUsageResponse> usage =
      co_await rpc::Call(billing_, &Billing::Stub::PrepareAsyncGetUsage, get, options);
  if (!usage.ok()) co_return usage.status();
  Reply reply;
  reply.body = UsageView(*usage);
  co_return reply;
}

Task<absl::Status> CallsApi::StreamRecording(const ApiRequest& request, ReplyStream& stream) {
  orch::ReadRecordingRequest read;
  read.set_tenant_id(request.tenant.tenant_id());
  read.set_call_id(request.parameters[0]);
  const rpc::CallOptions options = Options(request, kStreamLimit);
  rpc::ServerStream<orch::ReadRecordingResponse> pieces(
      orchestrator_, &Orchestrator::Stub::PrepareAsyncReadRecording, read, options);
  bool begun = false;
  while (true) {
    absl::StatusOr<std::optional<orch::ReadRecordingResponse>> piece = co_await pieces.Read();
    if (!piece.ok()) co_return piece.status();
    if (!begun) {
      begun = true;
      absl::Status head = co_await stream.Begin("audio/wav");
      if (!head.ok()) co_return head;
    }
    if (!piece->has_value()) co_return absl::OkStatus();
    absl::Status written = co_await stream.Write(std::move(*(*piece)->mutable_data()));
    if (!written.ok()) co_return written;
  }
}

Task<absl::Status> CallsApi::StreamEvents(const ApiRequest& request, ReplyStream& stream) {
  orch::WatchCallRequest watch;
  watch.set_tenant_id(request.tenant.tenant_id());
  watch.set_call_id(request.parameters[0]);
  watch.set_cursor(request.last_event_id);
  const rpc::CallOptions options = Options(request, kStreamLimit);
  rpc::ServerStream<orch::WatchCallResponse> events(
      orchestrator_, &Orchestrator::Stub::PrepareAsyncWatchCall, watch, options);
  bool begun = false;
  while (true) {
    absl::StatusOr<std::optional<orch::WatchCallResponse>> next = co_await events.Read();
    if (!next.ok()) co_return next.status();
    if (!begun) {
      begun = true;
      absl::Status head = co_await stream.Begin("text/event-stream");
      if (!head.ok()) co_return head;
    }
    if (!next->has_value()) co_return absl::OkStatus();
    const orch::WatchCallResponse& event = **next;
    const std::string data = json::serialize(EventView(event.event()));
    absl::Status written =
        co_await stream.Write(fmt::format("id: {}\ndata: {}\n\n", event.cursor(), data));
    if (!written.ok() || IsLast(event.event())) co_return written;
  }
}

}  // namespace latchkey::gateway
