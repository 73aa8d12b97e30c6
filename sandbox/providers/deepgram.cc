#include "sandbox/providers/deepgram.h"

#include <algorithm>

#include "lib/base/error.h"
#include "sandbox/providers/deepgram_messages.h"
#include "sandbox/providers/deepgram_query.h"
#include "sandbox/providers/deepgram_refusal.h"
#include "sandbox/providers/deepgram_socket.h"

namespace latchkey::sandbox {
namespace {

constexpr int kSamplesPerSecond = 8000;
constexpr std::string_view kBadRequest = "Bad Request";

constexpr std::string_view kKeyDetails =
    R"({"api_key_id":"00000000-0000-4000-8000-00000000d001","scopes":["usage:write"],)"
    R"("created":"2026-01-12T00:00:00.000Z"})";
constexpr std::string_view kProjects =
    R"({"projects":[{"project_id":"00000000-0000-4000-8000-00000000d000","name":"Sandbox"}]})";
constexpr std::string_view kBalances =
    R"({"balances":[{"balance_id":"00000000-0000-4000-8000-00000000d002","amount":180.5,)"
    R"("units":"usd","purchase_order_id":""}]})";

std::string KeyOf(const http::ServerRequest& request) {
  constexpr std::string_view kToken = "Token ";
  const std::string_view header = request.headers.Get("authorization");
  return std::string(header.starts_with(kToken) ? header.substr(kToken.size())
                                                : std::string_view());
}

// A key without credit is known all the same: only listening costs.
KnownKey OnThisRoute(KnownKey key, const http::ServerRequest& request) {
  if (key.status == 402 && request.parsed.path != "/v1/listen") key.status = 200;
  return key;
}

http::Response Json(std::string body) {
  http::Response response;
  response.status = 200;
  response.headers = {{"content-type", "application/json"}, {"dg-request-id", "sandbox"}};
  response.body = std::move(body);
  return response;
}

// All that is said in `audio`.
Task<Recognized> Recognize(std::shared_ptr<Recognizer> recognizer, std::vector<uint8_t> audio) {
  Hearing hearing(*recognizer, Hearing::Options());
  std::vector<Hearing::Event> events = hearing.Push(audio);
  std::optional<Hearing::Event> last = hearing.Flush();
  if (last.has_value()) events.push_back(*std::move(last));
  Recognized all;
  for (Hearing::Event& event : events) {
    if (event.kind != Hearing::Event::kUtteranceEnded) continue;
    absl::StatusOr<Recognized> said = co_await event.recognition->Finish();
    if (!said.ok() || said->text.empty()) continue;
    all.text += (all.text.empty() ? "" : " ") + said->text;
    all.confidence = said->confidence;
    for (RecognizedWord& word : said->words) {
      word.start += event.start;
      word.end += event.start;
      all.words.push_back(std::move(word));
    }
  }
  co_return all;
}

}  // namespace

Task<void> DeepgramProvider::Handle(const http::ServerRequest& request,
                                    http::Responder& responder) {
  const std::string key = KeyOf(request);
  FaultPlayer faults(stage_, clock_, Provider::kDeepgram, key);
  const FaultPlayer::Refusal refuse = [](const Fault& fault) { return DeepgramRefusal(fault); };
  const KnownKey known = OnThisRoute(stage_.Judge(Provider::kDeepgram, key), request);
  const Played played = co_await faults.Admit(responder, refuse, known);
  if (played == Played::kOver) co_return;
  Exchange exchange{request, responder, faults};
  co_await Route(exchange);
}

Task<void> DeepgramProvider::Route(Exchange& exchange) {
  const http::ServerRequest& request = exchange.request;
  const std::string model = ListenModel(request.parsed.query);
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  const std::vector<std::string>& denied = scenario->quirks.deepgram.denied_models;
  if (!request.parsed.path.starts_with("/v1/listen")) {
    co_await ServeAccount(exchange);
  } else if (std::ranges::find(denied, model) != denied.end()) {
    Fault fault;
    fault.status = 403;
    co_await Send(DeepgramRefusal(fault), exchange);
  } else if (request.upgrade) {
    co_await ServeSocket(exchange);
  } else if (request.method == "POST") {
    co_await ServeFile(exchange);
  } else {
    co_await Send(DeepgramRefusal(405, kBadRequest, "Method not allowed"), exchange);
  }
}

Task<void> DeepgramProvider::Send(http::Response response, Exchange& exchange) {
  const FaultPlayer::Refusal refuse = [](const Fault& fault) { return DeepgramRefusal(fault); };
  co_await exchange.faults.Send(exchange.responder, response, refuse);
}

Task<void> DeepgramProvider::ServeAccount(Exchange& exchange) {
  const std::string& path = exchange.request.parsed.path;
  http::Response response;
  if (path == "/v1/auth/token") {
    response = Json(std::string(kKeyDetails));
  } else if (path == "/v1/projects") {
    response = Json(std::string(kProjects));
  } else if (path == "/v1/projects/00000000-0000-4000-8000-00000000d000/balances") {
    response = Json(std::string(kBalances));
  } else {
    response = DeepgramRefusal(404, "PROJECT_NOT_FOUND", "Project not found.");
  }
  co_await Send(std::move(response), exchange);
}

Task<void> DeepgramProvider::ServeFile(Exchange& exchange) {
  absl::StatusOr<std::vector<uint8_t>> audio = ParseWav(exchange.request.body);
  if (!audio.ok()) {
    const std::string why = Message(audio.status());
    co_return co_await Send(DeepgramRefusal(400, kBadRequest, why), exchange);
  }
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  co_await clock_.Sleep(stage_.Draw(scenario->latencies.probe));
  const absl::Duration duration =
      absl::Seconds(static_cast<double>(audio->size()) / kSamplesPerSecond);
  const Recognized said = co_await Recognize(speech_.recognizer(), *std::move(audio));
  co_await Send(Json(FileResults(duration, said)), exchange);
}

Task<void> DeepgramProvider::ServeSocket(Exchange& exchange) {
  const http::Form& query = exchange.request.parsed.query;
  const std::string wrong = WrongWithListen(query);
  if (!wrong.empty()) {
    co_return co_await Send(DeepgramRefusal(400, kBadRequest, wrong), exchange);
  }
  const http::WebsocketLimits limits;
  const http::Headers headers = {{"dg-request-id", "sandbox"}};
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket =
      co_await exchange.responder.Upgrade(limits, headers);
  if (!socket.ok()) co_return;
  DeepgramSocket session({executor_, clock_, stage_, speech_.recognizer()}, exchange.faults,
                         ReadListen(query), *std::move(socket));
  co_await session.Run();
}

}  // namespace latchkey::sandbox
