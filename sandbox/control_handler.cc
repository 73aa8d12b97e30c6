#include "sandbox/control_handler.h"

#include "lib/base/error.h"

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
  if (request.method == "POST" && path == "/sandbox/faults") {
    absl::StatusOr<Fault> fault = ParseFault(request.body);
    if (!fault.ok()) co_return Refuse(fault.status());
    stage_.AddFault(*fault);
    co_return Plain(200, "ok");
  }
  co_return Plain(404, "There is no such endpoint.");
}

http::Response ControlHandler::Show(const http::ServerRequest& request) const {
  const std::vector<std::string>& path = request.parsed.segments;
  if (request.parsed.path == "/livez") return Plain(200, "ok");
  if (request.parsed.path == "/sandbox/calls") {
    return Whole(200, "application/json", twilio_.JudgedCallsJson());
  }
  if (request.parsed.path == "/sandbox/requests") {
    return Whole(200, "application/json", stage_.JournalJson());
  }
  if (path.size() == 3 && path[1] == "calls") {
    std::string wav = twilio_.Recording(path[2].substr(0, path[2].find('.')));
    if (!wav.empty()) return Whole(200, "audio/wav", std::move(wav));
  }
  return Plain(404, "There is no such endpoint.");
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
