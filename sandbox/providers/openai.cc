#include "sandbox/providers/openai.h"

#include <fmt/format.h>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "sandbox/providers/openai_models.h"
#include "sandbox/providers/openai_socket.h"

namespace latchkey::sandbox {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kModels = "/v1/models";
constexpr size_t kMessageBytesMax = 21 * 1024 * 1024;   // 15 MiB of audio in base64.
constexpr absl::Duration kIdleMax = absl::Seconds(40);  // A ping is sent at half of it.

std::string_view KeyOf(const http::ServerRequest& request) {
  const std::string_view header = request.headers.Get("authorization");
  return header.starts_with(kBearer) ? header.substr(kBearer.size()) : std::string_view();
}

http::Response JsonAnswer(int status, std::string body) {
  http::Response response;
  response.status = status;
  response.headers = {{"content-type", "application/json"},
                      {"x-request-id", "req_sandbox"},
                      {"openai-organization", "org-sandbox"},
                      {"openai-version", "2020-10-01"}};
  response.body = std::move(body);
  return response;
}

http::Response Refused(int status, const OpenaiError& error) {
  return JsonAnswer(status, OpenaiErrorBody(error));
}

http::Response RefusedFor(const Fault& fault, std::string_view key) {
  OpenaiError error = OpenaiErrorFor(fault.status, fault.code);
  if (error.code == "invalid_api_key")
    error = key.empty() ? MissingOpenaiKey() : WrongOpenaiKey(key);
  http::Response response = Refused(fault.status, error);
  if (fault.status == 429 && fault.retry_after > 0 && error.type != "insufficient_quota") {
    response.headers.Set("retry-after", std::to_string(fault.retry_after));
  }
  return response;
}

bool HasNoCredit(const KnownKey& key) {
  return key.status == 429 && OpenaiErrorFor(key.status, key.code).type == "insufficient_quota";
}

bool MayNotUseModels(const KnownKey& key) { return key.code == "model_not_found"; }

}  // namespace

bool OpenaiProvider::IsFor(const http::ServerRequest& request) {
  return !KeyOf(request).empty() && !request.headers.Has("anthropic-version");
}

Task<void> OpenaiProvider::Handle(const http::ServerRequest& request, http::Responder& responder) {
  if (request.parsed.path == "/v1/realtime") {
    co_await ServeRealtime(request, responder);
  } else {
    co_await ServeModels(request, responder);
  }
}

Task<void> OpenaiProvider::ServeModels(const http::ServerRequest& request,
                                       http::Responder& responder) {
  const std::string key(KeyOf(request));
  const KnownKey judged = stage_.Judge(Provider::kOpenai, key);
  KnownKey admitted = judged;
  if (HasNoCredit(judged) || MayNotUseModels(judged)) admitted.status = 200;
  const FaultPlayer::Refusal refuse = [key](const Fault& fault) { return RefusedFor(fault, key); };
  FaultPlayer player(stage_, clock_, Provider::kOpenai, key);
  const Played played = co_await player.Admit(responder, refuse, admitted);
  if (played == Played::kOver) co_return;
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  co_await clock_.Sleep(stage_.Draw(scenario->latencies.probe));
  const http::Response response = ModelsAnswer(request, judged);
  co_await player.Send(responder, response, refuse);
}

http::Response OpenaiProvider::ModelsAnswer(const http::ServerRequest& request,
                                            const KnownKey& key) const {
  OpenaiQuirks quirks = stage_.scenario()->quirks.openai;
  if (MayNotUseModels(key)) {
    std::erase_if(quirks.models, [](const OpenaiModel& model) { return SpeaksRealtime(model.id); });
  }
  const std::string& path = request.parsed.path;
  if (request.method != "GET") {
    return Refused(405, OpenaiError("method_not_supported", "Not allowed to use this method."));
  }
  if (path == kModels) return JsonAnswer(200, OpenaiModelList(quirks));
  if (request.parsed.segments.size() != 3) {
    return Refused(404, OpenaiError("unknown_url", "Unknown request URL: GET " + path));
  }
  const std::string& id = request.parsed.segments[2];
  const OpenaiModel* const model = quirks.FindModel(id);
  if (model != nullptr) return JsonAnswer(200, OpenaiModelBody(*model));
  if (AccessToModel(quirks, id) == OpenaiAccess::kUnknown) {
    return Refused(404, OpenaiModelNotFound(id));
  }
  OpenaiError denied = OpenaiModelNotFound(id);
  denied.message = fmt::format("Project `proj_sandbox` does not have access to model `{}`", id);
  return Refused(403, denied);
}

Task<void> OpenaiProvider::ServeRealtime(const http::ServerRequest& request,
                                         http::Responder& responder) {
  const std::string key(KeyOf(request));
  const FaultPlayer::Refusal refuse = [key](const Fault& fault) { return RefusedFor(fault, key); };
  FaultPlayer player(stage_, clock_, Provider::kOpenai, key);
  const Played played = co_await player.AtConnect(responder, refuse);
  if (played == Played::kOver) co_return;
  if (!request.upgrade) {
    const http::Response response =
        Refused(400, OpenaiError("invalid_request", "This address is for websockets."));
    const absl::Status sent = co_await responder.Send(response);
    sent.IgnoreError();  // Who is gone needs no refusal.
    co_return;
  }
  http::WebsocketLimits limits;
  limits.message_bytes_max = kMessageBytesMax;
  limits.idle = kIdleMax;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await responder.Upgrade(limits);
  if (!socket.ok()) co_return;
  OpenaiSessionOptions options = SessionFor(request, stage_.Judge(Provider::kOpenai, key));
  OpenaiSocket session(executor_, clock_, stage_, speech_, std::move(options), std::move(player),
                       *std::move(socket));
  co_await session.Run();
}

// What is wrong is told in the order in which OpenAI looks.
OpenaiSessionOptions OpenaiProvider::SessionFor(const http::ServerRequest& request,
                                                const KnownKey& key) {
  using Refusal = OpenaiQuirks::Refusal;
  OpenaiSessionOptions options;
  options.scenario = stage_.scenario();
  options.id = fmt::format("sess_{}", ++sessions_);
  options.model = request.parsed.query.Get("model");
  options.begin = clock_.Now();
  stage_.Note(Provider::kOpenai,
              boost::json::serialize(boost::json::object{{"realtime", options.model}}));
  const OpenaiQuirks& quirks = options.scenario->quirks.openai;
  const bool denied =
      MayNotUseModels(key) || AccessToModel(quirks, options.model) != OpenaiAccess::kAllowed;
  if (KeyOf(request).empty()) {
    options.refusal = MissingOpenaiKey();
  } else if (key.status == 401) {
    options.refusal = WrongOpenaiKey(KeyOf(request));
  } else if (request.headers.Has("openai-beta")) {
    options.refusal =
        OpenaiError("beta_api_shape_disabled",
                    "The Realtime Beta API is no longer supported. Please use /v1/realtime for the "
                    "GA API.");
  } else if (options.model.empty()) {
    options.refusal = OpenaiError("missing_model", "You must provide a model parameter.", "model");
  } else if (!SpeaksRealtime(options.model)) {
    options.refusal = OpenaiError(
        "invalid_model",
        fmt::format("Model \"{}\" is not supported in realtime mode.", options.model), "model");
  } else if (denied) {
    const bool late = quirks.model_denied == Refusal::kFailedResponse;
    (late ? options.failure : options.refusal) = OpenaiModelNotFound(options.model);
  } else if (HasNoCredit(key)) {
    const bool late = quirks.no_credit == Refusal::kFailedResponse;
    (late ? options.failure : options.refusal) = OpenaiErrorFor(key.status, key.code);
  } else if (key.status == 429) {
    options.failure = OpenaiErrorFor(key.status, key.code);
  } else if (key.status != 200) {
    options.refusal = OpenaiErrorFor(
        key.status, key.status == 403 && key.code.empty() ? "insufficient_scope" : key.code);
  }
  return options;
}

}  // namespace latchkey::sandbox
