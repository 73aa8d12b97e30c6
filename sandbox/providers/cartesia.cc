#include "sandbox/providers/cartesia.h"

#include <boost/json/parse.hpp>

#include "lib/base/log.h"
#include "sandbox/providers/cartesia_socket.h"

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

std::string_view MessageFor(int status) {
  switch (status) {
    case 401:
      return "Invalid API key";
    case 402:
      return "You have run out of credits";
    case 403:
      return "Your plan does not allow this";
    case 429:
      return "Too many concurrent requests";
    default:
      return "Something went wrong";
  }
}

std::string_view CodeFor(int status) {
  switch (status) {
    case 402:
      return "quota_exceeded";
    case 403:
      return "plan_upgrade_required";
    case 429:
      return "concurrency_limited";
    default:
      return "";
  }
}

void NoteIfGone(const absl::Status& sent) {
  if (!sent.ok()) log::Debug("cartesia: client gone", {{"error", sent}});
}

}  // namespace

Task<void> CartesiaProvider::Handle(const http::ServerRequest& request,
                                    http::Responder& responder) {
  const bool done = co_await Intervene(request, responder);
  if (done) co_return;
  if (!request.headers.Has("cartesia-version")) {
    co_await Refuse(Refusal(400, "", "The header Cartesia-Version is required"), responder);
  } else if (request.parsed.path == "/tts/websocket" && request.upgrade) {
    co_await ServeSocket(responder);
  } else if (request.parsed.path == "/tts/bytes" && request.method == "POST") {
    co_await ServeBytes(request, responder);
  } else {
    co_await Refuse(Refusal(404, "", "Not found"), responder);
  }
}

Task<bool> CartesiaProvider::Intervene(const http::ServerRequest& request,
                                       http::Responder& responder) {
  const std::optional<Fault> fault = stage_.NextFault(Provider::kCartesia, Fault::Moment::kConnect);
  if (fault.has_value() && fault->kind == Fault::Kind::kDrop) {
    responder.Abort();
    co_return true;
  }
  if (fault.has_value() && fault->kind == Fault::Kind::kHang) {
    co_await clock_.Sleep(kHang);
    responder.Abort();
    co_return true;
  }
  const KnownKey key = stage_.Judge(Provider::kCartesia, KeyOf(request));
  const int status = fault.has_value() ? fault->status : key.status;
  if (status == 200) co_return false;
  const std::string code =
      fault.has_value() || key.code.empty() ? std::string(CodeFor(status)) : key.code;
  co_await Refuse(Refusal(status, code, std::string(MessageFor(status))), responder);
  co_return true;
}

Task<void> CartesiaProvider::Refuse(Refusal refusal, http::Responder& responder) {
  http::Response response;
  response.status = refusal.status;
  response.headers = {{"content-type", "application/json"}, {"x-request-id", "sandbox"}};
  response.body = ErrorBody(refusal);
  const absl::Status sent = co_await responder.Send(response);
  NoteIfGone(sent);
}

Task<void> CartesiaProvider::ServeBytes(const http::ServerRequest& request,
                                        http::Responder& responder) {
  boost::system::error_code error;
  const json::value body = json::parse(request.body, error);
  const Refusal wrong = CheckGeneration(error ? json::value() : body);
  if (wrong.status != 0) {
    co_await Refuse(wrong, responder);
    co_return;
  }
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  co_await clock_.Sleep(stage_.Draw(scenario->latencies.probe));
  const std::string text(body.get_object().at("transcript").get_string());
  absl::StatusOr<std::shared_ptr<const Speech>> speech =
      co_await speech_.synthesizer().Speak(scenario->agent_voice, text);
  if (!speech.ok()) {
    co_await Refuse(Refusal(500, "", "Something went wrong"), responder);
    co_return;
  }
  http::Response response;
  response.status = 200;
  response.headers = {{"content-type", "audio/pcm"}, {"x-request-id", "sandbox"}};
  response.body.assign((*speech)->mulaw.begin(), (*speech)->mulaw.end());
  const absl::Status sent = co_await responder.Send(response);
  NoteIfGone(sent);
}

Task<void> CartesiaProvider::ServeSocket(http::Responder& responder) {
  const http::WebsocketLimits limits;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await responder.Upgrade(limits);
  if (!socket.ok()) co_return;
  CartesiaSocket session(executor_, clock_, stage_, speech_, *std::move(socket));
  co_await session.Run();
}

}  // namespace latchkey::sandbox
