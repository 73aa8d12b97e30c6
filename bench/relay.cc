// latchkey-relay: the baseline of `scripts/bench media`: the same legs and frames as a call, and no
// logic at all.
//
//   latchkey-relay LISTEN CERT KEY CA PROVIDER_URL
//
// Takes a carrier's media stream, opens the sockets that a call has, and passes audio on as it
// comes, in messages of media's size. At /composed_relay they are STT's and TTS's, and a transcript
// becomes a request to TTS as it is; at /realtime_relay it is the realtime model's.
#include <fmt/format.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "bench/load/text_value.h"
#include "lib/base/spawn.h"
#include "lib/http/server.h"
#include "lib/secret/secret.h"

namespace latchkey::bench {
namespace {

constexpr size_t kSttBytes = 480;    // 60 ms.
constexpr size_t kModelBytes = 320;  // 40 ms.
constexpr std::string_view kStreamSid = "MZ00000000000000000000000000000000";

struct Legs {
  std::unique_ptr<http::Websocket> carrier, stt, tts, model;
};

// Adds the audio of a carrier's message to `held`, if it has any.
void Collect(std::string_view message, std::string& held) {
  if (TextValue(message, "\"event\"") != "media") return;
  const std::string_view payload = TextValue(message, "\"payload\"");
  std::string audio;
  if (absl::Base64Unescape(absl::string_view(payload.data(), payload.size()), &audio))
    held += audio;
}

Task<absl::Status> PassToCarrier(http::Websocket& carrier, std::string_view payload) {
  const std::string out = fmt::format(
      R"({{"event":"media","streamSid":"{}","media":{{"payload":"{}"}}}})", kStreamSid, payload);
  co_return co_await carrier.WriteText(out);
}

Task<void> CarrierToStt(Legs& legs) {
  std::string held;
  while (true) {
    absl::StatusOr<http::Message> message = co_await legs.carrier->Read();
    if (!message.ok()) break;
    Collect(message->data, held);
    if (held.size() < kSttBytes) continue;
    const absl::Status sent = co_await legs.stt->WriteBinary(held);
    held.clear();
    if (!sent.ok()) break;
  }
  legs.stt->Abort();
  legs.tts->Abort();
}

Task<void> SttToTts(Legs& legs) {
  for (int turn = 1;; ++turn) {
    absl::StatusOr<http::Message> message = co_await legs.stt->Read();
    if (!message.ok()) co_return;
    const std::string request = fmt::format(
        R"({{"context_id":"turn{}","transcript":"We open at nine.","continue":false}})", turn);
    const absl::Status sent = co_await legs.tts->WriteText(request);
    if (!sent.ok()) co_return;
  }
}

Task<void> TtsToCarrier(Legs& legs) {
  while (true) {
    absl::StatusOr<http::Message> message = co_await legs.tts->Read();
    if (!message.ok()) break;
    if (TextValue(message->data, "\"type\"") != "chunk") continue;
    const absl::Status sent =
        co_await PassToCarrier(*legs.carrier, TextValue(message->data, "\"data\""));
    if (!sent.ok()) break;
  }
  legs.carrier->Abort();
}

Task<void> CarrierToModel(Legs& legs) {
  std::string held, encoded;
  while (true) {
    absl::StatusOr<http::Message> message = co_await legs.carrier->Read();
    if (!message.ok()) break;
    Collect(message->data, held);
    if (held.size() < kModelBytes) continue;
    absl::Base64Escape(held, &encoded);
    held.clear();
    const std::string append =
        fmt::format(R"({{"type":"input_audio_buffer.append","audio":"{}"}})", encoded);
    const absl::Status sent = co_await legs.model->WriteText(append);
    if (!sent.ok()) break;
  }
  legs.model->Abort();
}

Task<void> ModelToCarrier(Legs& legs) {
  while (true) {
    absl::StatusOr<http::Message> message = co_await legs.model->Read();
    if (!message.ok()) break;
    if (TextValue(message->data, "\"type\"") != "response.output_audio.delta") continue;
    const absl::Status sent =
        co_await PassToCarrier(*legs.carrier, TextValue(message->data, "\"delta\""));
    if (!sent.ok()) break;
  }
  legs.carrier->Abort();
}

class Relay final : public http::Handler {
 public:
  Relay(http::TlsContext tls, http::Url providers)
      : tls_(std::move(tls)), providers_(std::move(providers)) {}

  Task<void> Handle(const http::ServerRequest& request, http::Responder& responder) override {
    using boost::asio::experimental::awaitable_operators::operator&&;
    const http::WebsocketLimits limits;
    Legs legs;
    absl::StatusOr<std::unique_ptr<http::Websocket>> carrier = co_await responder.Upgrade(limits);
    if (!carrier.ok()) co_return;
    legs.carrier = *std::move(carrier);
    if (request.parsed.path == "/realtime_relay") {
      legs.model = co_await Connect("/v1/realtime");
      if (legs.model != nullptr) co_await (CarrierToModel(legs) && ModelToCarrier(legs));
      co_return;
    }
    legs.stt = co_await Connect("/v1/listen");
    legs.tts = co_await Connect("/tts/websocket");
    if (legs.stt == nullptr || legs.tts == nullptr) co_return;
    co_await (CarrierToStt(legs) && SttToTts(legs) && TtsToCarrier(legs));
  }

 private:
  // Null when it is refused.
  Task<std::unique_ptr<http::Websocket>> Connect(std::string path) {
    const http::Url url = providers_.At(path).AsWebsocket();
    const http::WebsocketLimits limits;
    const http::Headers headers;
    absl::StatusOr<std::unique_ptr<http::Websocket>> socket =
        co_await http::ConnectWebsocket(tls_, url, headers, std::nullopt, limits);
    co_return socket.ok() ? *std::move(socket) : nullptr;
  }

  http::TlsContext tls_;
  http::Url providers_;
};

int Run(char** arguments) {
  boost::asio::io_context io(1);
  const absl::StatusOr<http::TlsContext> client = http::TlsContext::ForClient(arguments[4]);
  const absl::StatusOr<http::TlsContext> server =
      http::TlsContext::ForServer(arguments[2], arguments[3]);
  const absl::StatusOr<http::Url> providers = http::Url::Parse(arguments[5]);
  if (!client.ok() || !server.ok() || !providers.ok()) {
    std::fprintf(stderr, "latchkey-relay: a certificate or the address cannot be used\n");
    return 2;
  }
  Relay relay(*client, *providers);
  http::ServerOptions options;
  options.listen = arguments[1];
  options.tls = *server;
  absl::StatusOr<std::unique_ptr<http::Server>> listening =
      http::Server::Listen(io.get_executor(), options, relay);
  if (!listening.ok()) {
    std::fprintf(stderr, "latchkey-relay: %s\n", std::string(listening.status().message()).c_str());
    return 2;
  }
  std::printf("port %d\n", (*listening)->port());
  std::fflush(stdout);
  io.run();
  return 0;
}

}  // namespace
}  // namespace latchkey::bench

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: latchkey-relay LISTEN CERT KEY CA PROVIDER_URL\n");
    return 2;
  }
  return latchkey::bench::Run(argv);
}
