#include "sandbox/providers/anthropic.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <memory>
#include <optional>

#include "lib/base/log.h"
#include "sandbox/providers/anthropic_messages.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr absl::Duration kHang = absl::Minutes(10);

std::string_view KeyOf(const http::ServerRequest& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view header = request.headers.Get("authorization");
  if (header.starts_with(kBearer)) return header.substr(kBearer.size());
  return request.headers.Get("x-api-key");
}

// The Start tier's, which come with every answer.
http::Headers WithLimits() {
  return {{"request-id", "req_sandbox"},
          {"anthropic-organization-id", "00000000-0000-4000-8000-000000000001"},
          {"anthropic-ratelimit-requests-limit", "1000"},
          {"anthropic-ratelimit-requests-remaining", "999"},
          {"anthropic-ratelimit-requests-reset", "2030-01-01T00:00:00Z"},
          {"anthropic-ratelimit-input-tokens-limit", "2000000"},
          {"anthropic-ratelimit-input-tokens-remaining", "1999000"},
          {"anthropic-ratelimit-output-tokens-limit", "400000"},
          {"anthropic-ratelimit-output-tokens-remaining", "399000"}};
}

void NoteIfGone(const absl::Status& sent) {
  if (!sent.ok()) log::Debug("anthropic: client gone", {{"error", sent}});
}

bool Unfunded(int status) { return status == 400 || status == 402; }

bool OffersEndCall(const json::object& body) {
  const json::value* const tools = body.if_contains("tools");
  if (tools == nullptr || !tools->is_array()) return false;
  return std::ranges::any_of(tools->get_array(), [](const json::value& tool) {
    const json::object* const object = tool.if_object();
    const json::value* const name = object == nullptr ? nullptr : object->if_contains("name");
    return name != nullptr && *name == "end_call";
  });
}

void NoteRequest(Stage& stage, const json::object& body) {
  const json::object entry{{"model", body.at("model")},
                           {"stream", body.contains("stream") && body.at("stream") == true},
                           {"messages", body.at("messages")}};
  stage.Note(Provider::kAnthropic, json::serialize(entry));
}

}  // namespace

Task<void> AnthropicProvider::Handle(const http::ServerRequest& request,
                                     http::Responder& responder) {
  const bool done = co_await Intervene(request, responder);
  if (done) co_return;
  const std::string& path = request.parsed.path;
  if (!request.headers.Has("anthropic-version")) {
    co_await Refuse(400, "invalid_request_error", "anthropic-version: header is required",
                    responder);
  } else if (request.method == "POST" && path == "/v1/messages") {
    co_await ServeMessages(request, responder);
  } else if (request.method == "GET" && path == "/v1/models") {
    co_await ServeModels(responder);
  } else {
    co_await Refuse(404, "not_found_error", "Not found", responder);
  }
}

Task<bool> AnthropicProvider::Intervene(const http::ServerRequest& request,
                                        http::Responder& responder) {
  const std::optional<Fault> fault =
      stage_.NextFault(Provider::kAnthropic, Fault::Moment::kConnect);
  if (fault.has_value() && fault->kind != Fault::Kind::kStatus) {
    if (fault->kind == Fault::Kind::kHang) co_await clock_.Sleep(kHang);
    responder.Abort();
    co_return true;
  }
  const KnownKey key = stage_.Judge(Provider::kAnthropic, KeyOf(request));
  const int status = fault.has_value() ? fault->status : key.status;
  // An empty balance does not show on the free routes.
  const bool passes = !fault.has_value() && request.method == "GET" && Unfunded(status);
  if (status == 200 || passes) co_return false;
  const std::string type =
      fault.has_value() || key.code.empty() ? AnthropicErrorType(status) : key.code;
  co_await Refuse(status, type, AnthropicErrorMessage(status), responder);
  co_return true;
}

Task<void> AnthropicProvider::Refuse(int status, std::string type, std::string message,
                                     http::Responder& responder) {
  http::Response response;
  response.status = status;
  response.headers = WithLimits();
  response.headers.Set("content-type", "application/json");
  if (status == 429) response.headers.Set("retry-after", "1");
  response.body = json::serialize(AnthropicError(type, message));
  const absl::Status sent = co_await responder.Send(response);
  NoteIfGone(sent);
}

Task<void> AnthropicProvider::ServeMessages(const http::ServerRequest& request,
                                            http::Responder& responder) {
  boost::system::error_code error;
  const json::value body = json::parse(request.body, error);
  const std::string wrong = error ? "The request body is not valid JSON" : WrongWithMessages(body);
  if (!wrong.empty()) {
    co_await Refuse(400, "invalid_request_error", wrong, responder);
    co_return;
  }
  const json::object& fields = body.get_object();
  const std::string model = ModelOf(fields);
  if (!ServesModel(model)) {
    co_await Refuse(404, "not_found_error", "model: " + model, responder);
    co_return;
  }
  NoteRequest(stage_, fields);
  const json::value* const stream = fields.if_contains("stream");
  if (stream != nullptr && *stream == true) {
    co_await SendStream(fields, responder);
  } else {
    co_await SendWhole(fields, responder);
  }
}

Task<void> AnthropicProvider::ServeModels(http::Responder& responder) {
  http::Response response;
  response.status = 200;
  response.headers = WithLimits();
  response.headers.Set("content-type", "application/json");
  response.body = json::serialize(AnthropicModels());
  const absl::Status sent = co_await responder.Send(response);
  NoteIfGone(sent);
}

Task<void> AnthropicProvider::SendWhole(const json::object& body, http::Responder& responder) {
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  co_await clock_.Sleep(stage_.Draw(scenario->latencies.probe));
  http::Response response;
  response.status = 200;
  response.headers = WithLimits();
  response.headers.Set("content-type", "application/json");
  response.body = json::serialize(WholeMessage(*scenario, body));
  const absl::Status sent = co_await responder.Send(response);
  NoteIfGone(sent);
}

Task<void> AnthropicProvider::SendStream(const json::object& body, http::Responder& responder) {
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  const AgentReply* const reply = scenario->ReplyTo(LastUserText(body));
  const std::string text = reply == nullptr ? "I see." : reply->say;
  const bool end_call = reply != nullptr && reply->end_call && OffersEndCall(body);
  co_await clock_.Sleep(stage_.Draw(scenario->latencies.llm_first_token));
  http::Headers headers = WithLimits();
  headers.Set("content-type", "text/event-stream; charset=utf-8");
  absl::Status sent = co_await responder.Start(200, headers);
  if (sent.ok()) sent = co_await responder.Write(MessageStart(ModelOf(body)) + TextBlockStart());
  if (!sent.ok()) {
    NoteIfGone(sent);
    co_return;
  }
  const bool whole = co_await SendText(text, responder);
  if (!whole) co_return;
  std::string end = BlockStop(0);
  if (end_call) end += EndCallBlock();
  end += MessageEnd(end_call ? "tool_use" : "end_turn");
  sent = co_await responder.Write(end);
  if (sent.ok()) sent = co_await responder.Finish();
  NoteIfGone(sent);
}

// A word at a time. A client that closes its connection ends the generation: the write fails.
Task<bool> AnthropicProvider::SendText(const std::string& text, http::Responder& responder) {
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  size_t start = 0;
  while (start < text.size()) {
    const size_t end = std::min(text.find(' ', start + 1), text.size());
    const std::string piece = TextDelta(std::string_view(text).substr(start, end - start));
    const absl::Status sent = co_await responder.Write(piece);
    if (!sent.ok()) {
      NoteIfGone(sent);
      co_return false;
    }
    if (start == 0) {
      const bool goes_on = co_await MidStream(responder);
      if (!goes_on) co_return false;
    }
    start = end;
    if (start < text.size()) {
      co_await clock_.Sleep(stage_.Draw(scenario->latencies.llm_token));
    }
  }
  co_return true;
}

Task<bool> AnthropicProvider::MidStream(http::Responder& responder) {
  const std::optional<Fault> fault =
      stage_.NextFault(Provider::kAnthropic, Fault::Moment::kMidStream);
  if (!fault.has_value()) co_return true;
  if (fault->kind == Fault::Kind::kStatus) {
    absl::Status sent = co_await responder.Write(ErrorEvent(fault->status));
    if (sent.ok()) sent = co_await responder.Finish();
    NoteIfGone(sent);
    co_return false;
  }
  if (fault->kind == Fault::Kind::kHang) co_await responder.Disconnected();
  responder.Abort();
  co_return false;
}

}  // namespace latchkey::sandbox
