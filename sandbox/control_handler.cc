#include "sandbox/control_handler.h"

#include <fmt/format.h>

#include "lib/base/error.h"
#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {
namespace {

http::Response Whole(int status, std::string_view type, std::string body) {
  http::Response response;
  response.status = status;
  response.headers = {{"content-type", std::string(type)}};
  response.body = std::move(body);
  return response;
}

http::Response Plain(int status, std::string text) {
  return Whole(status, "text/plain", std::move(text) + "\n");
}

http::Response Refuse(const absl::Status& error) { return Plain(422, Message(error)); }

}  // namespace

Task<void> ControlHandler::Handle(const http::ServerRequest& request, http::Responder& responder) {
  const std::vector<std::string>& path = request.parsed.segments;
  if (request.method == "GET" && path.size() > 2 && path[1] == "calls") {
    co_await views_.Handle(request, responder);
    co_return;
  }
  const http::Response response = co_await Answer(request);
  absl::Status sent = co_await responder.Send(response);
  sent.IgnoreError();  // Who is gone needs no answer.
}

Task<http::Response> ControlHandler::Answer(const http::ServerRequest& request) {
  const std::string& path = request.parsed.path;
  if (request.method == "GET") co_return Show(request);
  if (request.method == "POST" && path == "/sandbox/scenario") {
    co_return co_await PlayScenario(request.body);
  }
  if (request.method == "POST" && path == "/sandbox/calls") co_return CallIn(request.body);
  if (request.method == "POST" && path == "/sandbox/faults") {
    absl::StatusOr<Fault> fault = ParseFault(request.body);
    if (!fault.ok()) co_return Refuse(fault.status());
    stage_.AddFault(*fault);
    co_return Plain(200, "ok");
  }
  co_return Plain(404, "There is no such endpoint.");
}

http::Response ControlHandler::Show(const http::ServerRequest& request) const {
  if (request.parsed.path == "/livez") return Plain(200, "ok");
  if (request.parsed.path == "/sandbox/calls") {
    return Whole(200, "application/json", calls_.JudgedJson());
  }
  if (request.parsed.path == "/sandbox/requests") {
    return Whole(200, "application/json", stage_.JournalJson());
  }
  return Plain(404, "There is no such endpoint.");
}

http::Response ControlHandler::CallIn(std::string_view text) {
  absl::StatusOr<boost::json::value> value = ParseScenarioJson(text);
  if (!value.ok()) return Refuse(value.status());
  absl::Status error;
  Provider carrier = Provider::kTwilio;
  std::string from, to;
  Fields fields(*value, "the call", error);
  fields.Choice("carrier", carrier, {{"twilio", Provider::kTwilio}});
  fields.Text("from", from);
  fields.Text("to", to);
  fields.Finish();
  if (!error.ok()) return Refuse(error);
  const absl::StatusOr<std::string> sid = twilio_.CallIn(from, to);
  if (!sid.ok()) return Refuse(sid.status());
  return Whole(201, "application/json", fmt::format(R"({{"sid":"{}"}})", *sid));
}

Task<http::Response> ControlHandler::PlayScenario(std::string text) {
  absl::StatusOr<Scenario> scenario = ParseScenario(text);
  if (!scenario.ok()) co_return Refuse(scenario.status());
  const auto prepared = std::make_shared<const Scenario>(*scenario);
  absl::Status ready = co_await speech_.Prepare(prepared);
  if (!ready.ok()) co_return Refuse(ready);
  stage_.Play(*std::move(scenario));
  co_return Plain(200, "ok");
}

}  // namespace latchkey::sandbox
