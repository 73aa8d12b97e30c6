#include "services/gateway/adapters/http_front.h"

#include <boost/json/serialize.hpp>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "services/gateway/adapters/error_response.h"
#include "services/gateway/domain/bearer.h"

namespace latchkey::gateway {
namespace {

namespace orch = orchestrator::v1;

constexpr absl::Duration kAuthenticateLimit = absl::Seconds(3);
constexpr size_t kIdempotencyKeyMax = 128;

http::Response JsonResponse(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers.Add("Content-Type", "application/json");
  response.headers.Add("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

http::Response ErrorReply(const absl::Status& status) {
  ErrorResponse error = MakeErrorResponse(status);
  if (error.http_status >= 500) log::Warn("request failed", {{"error", status}});
  http::Response response = JsonResponse(error.http_status, std::move(error.body));
  if (!error.retry_after_s.empty()) response.headers.Add("Retry-After", error.retry_after_s);
  if (error.http_status == 401) response.headers.Add("WWW-Authenticate", "Bearer");
  return response;
}

// An answer that cannot be delivered is only worth a line: the client has gone.
void NoteDelivery(const absl::Status& sent) {
  if (!sent.ok()) log::Debug("client gone", {{"error", sent}});
}

bool IsStream(Operation operation) {
  return operation == Operation::kGetRecording || operation == Operation::kWatchCall;
}

// Writes an answer in pieces, and knows whether its head has gone out.
class ResponderStream final : public ReplyStream {
 public:
  explicit ResponderStream(http::Responder& responder) : responder_(responder) {}

  Task<absl::Status> Begin(std::string content_type) override {
    begun_ = true;
    const http::Headers headers{{"Content-Type", content_type}, {"Cache-Control", "no-store"}};
    co_return co_await responder_.Start(200, headers);
  }
  Task<absl::Status> Write(std::string piece) override {
    co_return co_await responder_.Write(piece);
  }
  bool begun() const { return begun_; }

 private:
  http::Responder& responder_;
  bool begun_ = false;
};

}  // namespace

Task<void> HttpFront::Handle(const http::ServerRequest& request, http::Responder& responder) {
  absl::StatusOr<ApiRequest> accepted = co_await Accept(request);
  if (!accepted.ok()) {
    const http::Response refusal = ErrorReply(accepted.status());
    const absl::Status sent = co_await responder.Send(refusal);
    NoteDelivery(sent);
    co_return;
  }
  if (IsStream(accepted->operation)) {
    co_await Stream(*accepted, responder);
    co_return;
  }
  absl::StatusOr<Reply> reply = co_await Run(*accepted);
  const http::Response response =
      reply.ok() ? JsonResponse(reply->status, boost::json::serialize(reply->body))
                 : ErrorReply(reply.status());
  const absl::Status sent = co_await responder.Send(response);
  NoteDelivery(sent);
}

bool HttpFront::HoldsKey(std::string_view method, std::string_view path) const {
  const absl::StatusOr<Route> route = FindRoute(method, path);
  if (!route.ok()) return false;
  switch (route->operation) {
    case Operation::kTestKey:
    case Operation::kPutKey:
    case Operation::kTestNumberKey:
    case Operation::kPutNumberKey:
    case Operation::kPutNumberKeys:
      return true;
    default:
      return false;
  }
}

Task<absl::StatusOr<ApiRequest>> HttpFront::Accept(const http::ServerRequest& request) {
  absl::StatusOr<Route> route = FindRoute(request.method, request.parsed.path);
  if (!route.ok()) co_return route.status();
  absl::StatusOr<orch::Tenant> tenant = co_await Authenticate(request);
  if (!tenant.ok()) co_return tenant.status();
  ApiRequest accepted;
  accepted.operation = route->operation;
  accepted.parameters = std::move(route->parameters);
  for (const auto& [name, value] : request.parsed.query) accepted.query.emplace(name, value);
  accepted.idempotency_key = request.headers.Get("Idempotency-Key").substr(0, kIdempotencyKeyMax);
  accepted.last_event_id = request.headers.Get("Last-Event-ID");
  accepted.body = request.body;
  accepted.key_body = std::move(request.secret_body);
  accepted.tenant = *std::move(tenant);
  co_return accepted;
}

Task<absl::StatusOr<orch::Tenant>> HttpFront::Authenticate(const http::ServerRequest& request) {
  const absl::StatusOr<std::string> hash = ApiKeyHash(request.headers.Get("Authorization"));
  if (!hash.ok()) co_return hash.status();
  orch::AuthenticateRequest authenticate;
  authenticate.set_api_key_hash(*hash);
  const rpc::CallOptions options(kAuthenticateLimit);
  absl::StatusOr<orch::AuthenticateResponse> known = co_await rpc::Call(
      orchestrator_, &orch::Orchestrator::Stub::PrepareAsyncAuthenticate, authenticate, options);
  if (!known.ok()) co_return known.status();
  co_return std::move(*known->mutable_tenant());
}

Task<absl::StatusOr<Reply>> HttpFront::Run(ApiRequest& request) {
  switch (request.operation) {
    case Operation::kListKeys:
    case Operation::kTestKey:
    case Operation::kPutKey:
    case Operation::kDeleteKey:
    case Operation::kListKeyUses:
    case Operation::kRevalidateKey:
      co_return co_await RunKeys(request);
    case Operation::kCreateSigningSecret:
      co_return co_await signing_.Create(request);
    case Operation::kGetOnboarding:
      co_return co_await tenants_.GetOnboarding(request);
    case Operation::kSetMode:
      co_return co_await tenants_.SetMode(request);
    case Operation::kCompleteOnboarding:
      co_return co_await tenants_.CompleteOnboarding(request);
    case Operation::kListNumbers:
      co_return co_await tenants_.ListNumbers(request);
    case Operation::kCreateNumber:
      co_return co_await CreateNumber(request);
    case Operation::kConfigureNumber:
      co_return co_await inbound_.Configure(request);
    case Operation::kUpdateNumber:
      co_return co_await tenants_.UpdateNumber(request);
    case Operation::kGetNumber:
      co_return co_await tenants_.GetNumber(request);
    case Operation::kTestNumberKey:
      co_return co_await number_keys_.Test(request);
    case Operation::kPutNumberKey:
      co_return co_await number_keys_.Put(request);
    case Operation::kDeleteNumberKey:
      co_return co_await number_keys_.Delete(request);
    case Operation::kPutNumberKeys:
      co_return co_await number_keys_.PutMany(request);
    case Operation::kPlaceCall:
      co_return co_await calls_.Place(request);
    case Operation::kListCalls:
      co_return co_await calls_.List(request);
    case Operation::kGetCall:
      co_return co_await calls_.Get(request);
    case Operation::kEndCall:
      co_return co_await calls_.End(request);
    case Operation::kGetTranscript:
      co_return co_await calls_.GetTranscript(request);
    case Operation::kAddDnc:
      co_return co_await tenants_.AddDnc(request);
    case Operation::kRemoveDnc:
      co_return co_await tenants_.RemoveDnc(request);
    case Operation::kGetUsage:
      co_return co_await calls_.GetUsage(request);
    case Operation::kListEvents:
      co_return co_await tenants_.ListEvents(request);
    case Operation::kGetRecording:
    case Operation::kWatchCall:
      break;  // Stream() serves these.
  }
  co_return absl::InternalError("an operation without a handler");
}

Task<absl::StatusOr<Reply>> HttpFront::RunKeys(ApiRequest& request) {
  switch (request.operation) {
    case Operation::kTestKey:
      co_return co_await keys_.Test(request);
    case Operation::kPutKey:
      co_return co_await PutKey(request);
    case Operation::kDeleteKey:
      co_return co_await keys_.Delete(request);
    case Operation::kListKeyUses:
      co_return co_await keys_.ListUses(request);
    case Operation::kRevalidateKey:
      co_return co_await keys_.Revalidate(request);
    default:
      co_return co_await keys_.List(request);
  }
}

Task<absl::StatusOr<Reply>> HttpFront::PutKey(ApiRequest& request) {
  absl::StatusOr<Reply> reply = co_await keys_.Put(request);
  if (reply.ok()) co_await inbound_.AfterKey(request, *reply);
  co_return reply;
}

Task<absl::StatusOr<Reply>> HttpFront::CreateNumber(const ApiRequest& request) {
  absl::StatusOr<Reply> reply = co_await tenants_.CreateNumber(request);
  if (reply.ok()) co_await inbound_.AfterNumber(request, *reply);
  co_return reply;
}

Task<void> HttpFront::Stream(const ApiRequest& request, http::Responder& responder) {
  ResponderStream stream(responder);
  absl::Status status;
  if (request.operation == Operation::kGetRecording) {
    status = co_await calls_.StreamRecording(request, stream);
  } else {
    status = co_await calls_.StreamEvents(request, stream);
  }
  if (!stream.begun()) {
    const http::Response refusal = ErrorReply(status);
    const absl::Status sent = co_await responder.Send(refusal);
    NoteDelivery(sent);
  } else if (status.ok()) {
    const absl::Status finished = co_await responder.Finish();
    NoteDelivery(finished);
  } else {
    // The head has gone out: the connection is cut, so that the client sees that it is not whole.
    log::Warn("stream cut", {{"error", status}});
  }
}

}  // namespace latchkey::gateway
