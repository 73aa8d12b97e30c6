#include "sandbox/providers/cartesia.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "sandbox/providers/cartesia_request.h"
#include "sandbox/providers/cartesia_socket.h"
#include "sandbox/providers/cartesia_voices.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr std::string_view kAdminKey = "sk_car_admin_";

// The query wins over the headers.
std::string KeyOf(const http::ServerRequest& request) {
  constexpr std::string_view kBearer = "Bearer ";
  for (const char* name : {"api_key", "access_token"}) {
    if (request.parsed.query.Has(name)) return std::string(request.parsed.query.Get(name));
  }
  const std::string_view header = request.headers.Get("authorization");
  if (header.starts_with(kBearer)) return std::string(header.substr(kBearer.size()));
  return std::string(request.headers.Get("x-api-key"));
}

std::string VersionOf(const http::ServerRequest& request) {
  const http::Form& query = request.parsed.query;
  if (query.Has("cartesia_version")) return std::string(query.Get("cartesia_version"));
  return std::string(request.headers.Get("cartesia-version"));
}

http::Response Answer(int status, std::string_view type, std::string body) {
  http::Response response;
  response.status = status;
  response.headers = {{"content-type", std::string(type)}, {"x-request-id", "sandbox"}};
  response.body = std::move(body);
  return response;
}

http::Response RefusalResponse(const CartesiaRefusal& refusal, std::string_view version) {
  const bool structured = HasStructuredErrors(version);
  return Answer(refusal.status, structured ? "application/json" : "text/plain",
                CartesiaErrorBody(refusal, version));
}

http::Response FaultResponse(const Fault& fault, std::string_view version) {
  http::Response response = RefusalResponse(CartesiaRefusalOf(fault.status, fault.code), version);
  if (fault.status == 429 && fault.retry_after > 0) {
    response.headers.Set("retry-after", std::to_string(fault.retry_after));
  }
  return response;
}

}  // namespace

Task<void> CartesiaProvider::Handle(const http::ServerRequest& request,
                                    http::Responder& responder) {
  const std::string key = KeyOf(request);
  // A key without a version is judged all the same, in today's words.
  const std::string version = VersionOf(request).empty() ? "2026-08-14" : VersionOf(request);
  FaultPlayer faults(stage_, clock_, Provider::kCartesia, key);
  const FaultPlayer::Refusal refuse = [&](const Fault& fault) {
    return FaultResponse(fault, version);
  };
  KnownKey known = stage_.Judge(Provider::kCartesia, key);
  if (key.starts_with(kAdminKey) && known.status == 200) known.status = 403;
  const Played played = co_await faults.Admit(responder, refuse, known);
  if (played == Played::kOver) co_return;
  Exchange exchange{request, responder, faults, key, version};
  co_await Route(exchange);
}

Task<void> CartesiaProvider::Route(Exchange& exchange) {
  const http::ServerRequest& request = exchange.request;
  const std::string& path = request.parsed.path;
  if (!IsCartesiaVersion(VersionOf(request))) {
    CartesiaRefusal refusal(400, "", "The header Cartesia-Version is required, with a known date");
    co_await Refuse(std::move(refusal), exchange);
  } else if (path == "/tts/websocket" && request.upgrade) {
    co_await ServeSocket(exchange);
  } else if (path == "/tts/bytes" && request.method == "POST") {
    co_await ServeBytes(exchange);
  } else if (path.starts_with("/voices") && request.method == "GET") {
    co_await ServeVoices(exchange);
  } else {
    co_await Refuse(CartesiaRefusal(404, "", "Not found"), exchange);
  }
}

Task<void> CartesiaProvider::Refuse(CartesiaRefusal refusal, Exchange& exchange) {
  co_await Send(RefusalResponse(refusal, exchange.version), exchange);
}

Task<void> CartesiaProvider::Send(http::Response response, Exchange& exchange) {
  const FaultPlayer::Refusal refuse = [&](const Fault& fault) {
    return FaultResponse(fault, exchange.version);
  };
  co_await exchange.faults.Send(exchange.responder, response, refuse);
}

Task<void> CartesiaProvider::ServeVoices(Exchange& exchange) {
  const std::vector<std::string>& segments = exchange.request.parsed.segments;
  const bool all = segments.size() == 1;
  const std::optional<json::object> found =
      all ? CartesiaVoicesPage(exchange.request.parsed.query) : CartesiaVoice(segments[1]);
  if (!found.has_value()) {
    CartesiaRefusal refusal = all ? CartesiaRefusal(400, "", "limit or starting_after is wrong")
                                  : CartesiaRefusal(404, "voice_not_found", "No such voice");
    co_return co_await Refuse(std::move(refusal), exchange);
  }
  co_await Send(Answer(200, "application/json", json::serialize(*found)), exchange);
}

Task<void> CartesiaProvider::ServeBytes(Exchange& exchange) {
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  const CartesiaQuirks& quirks = scenario->quirks.cartesia;
  boost::system::error_code error;
  const json::value body = json::parse(exchange.request.body, error);
  CartesiaRefusal wrong = CheckGeneration(error ? json::value() : body, exchange.version);
  if (wrong.status != 0) co_return co_await Refuse(std::move(wrong), exchange);
  const std::string voice = VoiceOf(body);
  if (std::ranges::find(quirks.unknown_voices, voice) != quirks.unknown_voices.end()) {
    CartesiaRefusal unknown(404, "voice_not_found", "No voice exists with this id.");
    co_return co_await Refuse(std::move(unknown), exchange);
  }
  const std::string text(body.get_object().at("transcript").get_string());
  CartesiaAccount& account = accounts_[exchange.key];
  wrong = account.Speak(static_cast<int64_t>(text.size()), quirks);
  if (wrong.status != 0) co_return co_await Refuse(std::move(wrong), exchange);
  const CartesiaAccount::InUse generating(account.generating);
  co_await clock_.Sleep(stage_.Draw(scenario->latencies.probe));
  absl::StatusOr<std::shared_ptr<const Speech>> speech =
      co_await speech_.synthesizer().Speak(scenario->agent_voice, text);
  if (!speech.ok()) co_return co_await Refuse(CartesiaRefusalOf(500, ""), exchange);
  const std::vector<uint8_t>& mulaw = (*speech)->mulaw;
  const std::string_view audio(reinterpret_cast<const char*>(mulaw.data()), mulaw.size());
  co_await SendAudio(audio, exchange);
}

// Raw and chunked, without a header, labelled audio/pcm also when it is mu-law.
Task<void> CartesiaProvider::SendAudio(std::string_view audio, Exchange& exchange) {
  const std::shared_ptr<const Scenario> scenario = stage_.scenario();
  const std::vector<int>& sizes = scenario->quirks.cartesia.chunk_bytes;
  const FaultPlayer::Complaint none = [](const Fault&) { return std::string(); };
  const http::Headers headers = {{"content-type", "audio/pcm"}, {"x-request-id", "sandbox"}};
  absl::Status sent = co_await exchange.responder.Start(200, headers);
  for (size_t i = 0; sent.ok() && !audio.empty(); ++i) {
    const std::string_view piece = audio.substr(0, static_cast<size_t>(sizes[i % sizes.size()]));
    const bool last = piece.size() == audio.size();
    const Fault::Moment moment = i == 0 ? Fault::Moment::kFirstByte
                                 : last ? Fault::Moment::kEnd
                                        : Fault::Moment::kMidStream;
    Played played = Played::kNothing;
    if (i <= 1 || last) {
      played = co_await exchange.faults.InAnswer(moment, exchange.responder, piece, none);
    } else {
      co_await exchange.faults.Slow();
    }
    if (played == Played::kOver) co_return;
    sent = co_await exchange.responder.Write(piece);
    audio.remove_prefix(piece.size());
  }
  if (sent.ok()) sent = co_await exchange.responder.Finish();
  sent.IgnoreError();  // Who has gone needs no speech.
}

Task<void> CartesiaProvider::ServeSocket(Exchange& exchange) {
  CartesiaAccount& account = accounts_[exchange.key];
  if (!account.MayOpenSocket(stage_.scenario()->quirks.cartesia)) {
    co_return co_await Refuse(CartesiaRefusalOf(429, ""), exchange);
  }
  const http::WebsocketLimits limits;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket =
      co_await exchange.responder.Upgrade(limits);
  if (!socket.ok()) co_return;
  const CartesiaSocket::World world{executor_, clock_, stage_, speech_};
  CartesiaSocket session(world, account, exchange.faults, exchange.version, *std::move(socket));
  co_await session.Run();
}

}  // namespace latchkey::sandbox
