#include "sandbox/providers/anthropic.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <optional>

#include "sandbox/providers/anthropic_answer.h"
#include "sandbox/providers/anthropic_errors.h"
#include "sandbox/providers/anthropic_models.h"
#include "sandbox/providers/anthropic_request.h"
#include "sandbox/providers/anthropic_stream.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr std::string_view kVersions[] = {"2023-06-01", "2026-10-21"};
constexpr std::string_view kCountTokens = "/v1/messages/count_tokens";

std::string KeyOf(const http::ServerRequest& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view header = request.headers.Get("authorization");
  if (header.starts_with(kBearer)) return std::string(header.substr(kBearer.size()));
  return std::string(request.headers.Get("x-api-key"));
}

// An empty balance does not show on the free routes.
KnownKey OnThisRoute(KnownKey key, const http::ServerRequest& request) {
  const bool unfunded = key.status == 400 || key.status == 402;
  if (unfunded && request.method == "GET") key.status = 200;
  return key;
}

bool IsTrue(const json::object& body, std::string_view name) {
  const json::value* const value = body.if_contains(name);
  return value != nullptr && *value == true;
}

void NoteRequest(Stage& stage, const json::object& body) {
  const json::object entry{{"model", body.at("model")},
                           {"stream", IsTrue(body, "stream")},
                           {"messages", body.at("messages")}};
  stage.Note(Provider::kAnthropic, json::serialize(entry));
}

// What is wrong with a request, whatever its route.
std::string WrongWithHeaders(const http::ServerRequest& request) {
  const std::string_view version = request.headers.Get("anthropic-version");
  if (version.empty()) return "anthropic-version: header is required";
  if (std::ranges::find(kVersions, version) != std::end(kVersions)) return "";
  return fmt::format("anthropic-version: \"{}\" is not a valid version", version);
}

}  // namespace

Task<void> AnthropicProvider::Handle(const http::ServerRequest& request,
                                     http::Responder& responder) {
  ++requests_;
  const std::string key = KeyOf(request);
  FaultPlayer faults(stage_, clock_, Provider::kAnthropic, key);
  const FaultPlayer::Refusal refuse = [&](const Fault& fault) { return Refusal(key, fault); };
  const KnownKey known = OnThisRoute(stage_.Judge(Provider::kAnthropic, key), request);
  const Played played = co_await faults.Admit(responder, refuse, known);
  if (played == Played::kOver) co_return;
  Exchange exchange{request, responder, faults, key};
  co_await Route(exchange);
}

Task<void> AnthropicProvider::Route(Exchange& exchange) {
  const http::ServerRequest& request = exchange.request;
  const std::string& path = request.parsed.path;
  const std::string wrong = WrongWithHeaders(request);
  http::Response refusal;
  if (request.headers.Has("origin")) {
    refusal = Refusal(exchange.key, 401, "CORS requests are not allowed for this Organization.");
  } else if (!wrong.empty()) {
    refusal = Refusal(exchange.key, 400, wrong);
  } else if (request.method == "POST" && (path == "/v1/messages" || path == kCountTokens)) {
    co_return co_await ServeMessages(exchange);
  } else if (request.method == "GET" && path.starts_with("/v1/models")) {
    co_return co_await ServeModels(exchange);
  } else {
    refusal = Refusal(exchange.key, 404, "Not found");
  }
  co_await Send(std::move(refusal), exchange);
}

Task<void> AnthropicProvider::ServeMessages(Exchange& exchange) {
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  boost::system::error_code error;
  const json::value body = json::parse(exchange.request.body, error);
  const bool counts = exchange.request.parsed.path == kCountTokens;
  std::string wrong =
      error ? "The request body is not valid JSON"
            : WrongWithMessages(body, exchange.request.headers.Get("anthropic-version"));
  if (wrong.empty() && !counts) wrong = WrongWithMaxTokens(body.get_object());
  if (!wrong.empty()) co_return co_await Send(Refusal(exchange.key, 400, wrong), exchange);
  const json::object& fields = body.get_object();
  if (FindAnthropicModel(ModelOf(fields)) == nullptr) {
    const std::string unknown = "model: " + ModelOf(fields);
    co_return co_await Send(Refusal(exchange.key, 404, unknown), exchange);
  }
  if (counts) {
    const json::object counted{{"input_tokens", InputTokens(fields)}};
    co_return co_await Send(Json(exchange.key, 200, counted), exchange);
  }
  NoteRequest(stage_, fields);
  const AnthropicQuirks& quirks = scenario->quirks.anthropic;
  const absl::Duration wait = limits_.Wait(exchange.key, quirks, clock_.Now());
  if (wait > absl::ZeroDuration()) {
    Fault busy;
    busy.status = 429;
    busy.retry_after = static_cast<int>(absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1))));
    co_return co_await Send(Refusal(exchange.key, busy), exchange);
  }
  if (IsTrue(fields, "stream")) co_return co_await SendStream(fields, exchange);
  co_await clock_.Sleep(stage_.Draw(scenario->latencies.probe));
  AnthropicAnswer answer = MakeAnthropicAnswer(*scenario, fields);
  answer.id = fmt::format("msg_sandbox{:06}", requests_);
  limits_.Take(exchange.key, {1, answer.input_tokens, answer.output_tokens}, quirks, clock_.Now());
  co_await Send(Json(exchange.key, 200, WholeMessage(answer)), exchange);
}

Task<void> AnthropicProvider::ServeModels(Exchange& exchange) {
  const std::vector<std::string>& segments = exchange.request.parsed.segments;
  http::Response response;
  if (segments.size() == 2) {
    const std::optional<json::object> page = AnthropicModelsPage(exchange.request.parsed.query);
    response = page.has_value() ? Json(exchange.key, 200, *page)
                                : Refusal(exchange.key, 400, "limit, after_id or before_id");
  } else {
    const AnthropicModel* const model = FindAnthropicModel(segments[2]);
    response = model != nullptr ? Json(exchange.key, 200, AnthropicModelJson(*model))
                                : Refusal(exchange.key, 404, "model: " + segments[2]);
  }
  co_await Send(std::move(response), exchange);
}

Task<void> AnthropicProvider::SendStream(const json::object& body, Exchange& exchange) {
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  AnthropicAnswer answer = MakeAnthropicAnswer(*scenario, body);
  answer.id = fmt::format("msg_sandbox{:06}", requests_);
  co_await clock_.Sleep(stage_.Draw(scenario->latencies.llm_first_token));
  limits_.Take(exchange.key, {1, answer.input_tokens, answer.output_tokens},
               scenario->quirks.anthropic, clock_.Now());
  http::Headers headers = Standard(exchange.key);
  headers.Set("content-type", "text/event-stream; charset=utf-8");
  headers.Set("cache-control", "no-cache");
  const absl::Status started = co_await exchange.responder.Start(200, headers);
  if (!started.ok()) co_return;
  AnthropicStream stream(clock_, stage_, exchange.faults, exchange.responder);
  co_await stream.Send(answer);
}

Task<void> AnthropicProvider::Send(http::Response response, Exchange& exchange) {
  const FaultPlayer::Refusal refuse = [&](const Fault& fault) {
    return Refusal(exchange.key, fault);
  };
  co_await exchange.faults.Send(exchange.responder, response, refuse);
}

http::Response AnthropicProvider::Refusal(const std::string& key, const Fault& fault) {
  const std::string message = AnthropicErrorMessage(fault.status, fault.code);
  http::Response response =
      Json(key, fault.status, AnthropicError(fault.status, fault.code, message, LastRequestId()));
  const bool busy = fault.status == 429 && fault.retry_after > 0 && !IsSpendLimit(fault.code);
  if (busy) response.headers.Set("retry-after", std::to_string(fault.retry_after));
  const bool again = fault.status == 429 ? !IsSpendLimit(fault.code) : fault.status >= 500;
  response.headers.Set("x-should-retry", again ? "true" : "false");
  return response;
}

http::Response AnthropicProvider::Refusal(const std::string& key, int status,
                                          std::string_view message) {
  return Json(key, status, AnthropicError(status, "", message, LastRequestId()));
}

http::Response AnthropicProvider::Json(const std::string& key, int status,
                                       const json::object& body) {
  http::Response response;
  response.status = status;
  response.headers = Standard(key);
  response.headers.Set("content-type", "application/json");
  response.body = json::serialize(body);
  return response;
}

http::Headers AnthropicProvider::Standard(const std::string& key) {
  http::Headers headers = limits_.HeadersOf(key, stage_.scenario()->quirks.anthropic, clock_.Now());
  headers.Set("request-id", LastRequestId());
  headers.Set("anthropic-organization-id", "00000000-0000-4000-8000-000000000001");
  headers.Set("anthropic-workspace-id", "wrkspc_sandbox");
  return headers;
}

std::string AnthropicProvider::LastRequestId() const {
  return fmt::format("req_sandbox{:06}", requests_);
}

}  // namespace latchkey::sandbox
