// latchkey-relay: the baseline of `scripts/bench media`: the same legs and frames as a composed
// call, and no logic at all.
//
//   latchkey-relay LISTEN CERT KEY CA PROVIDER_URL
//
// Takes a carrier's media stream, opens the STT and TTS sockets that a call has, and passes audio
// on as it comes, 60 ms at a time to STT as media does. A transcript becomes a request to TTS as it
// is.
#include <fmt/format.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "lib/base/spawn.h"
#include "lib/http/server.h"
#include "lib/secret/secret.h"

namespace latchkey::bench {
namespace {

constexpr size_t kSttBytes = 480;  // 60 ms.
constexpr std::string_view kStreamSid = "MZ00000000000000000000000000000000";

std::string_view Value(std::string_view message, std::string_view key) {
  const size_t at = message.find(key);
  if (at == std::string_view::npos) return {};
  const size_t begin = message.find('"', at + key.size() + 1) + 1;
  return message.substr(begin, message.find('"', begin) - begin);
}

struct Legs {
  std::unique_ptr<http::Websocket> carrier, stt, tts;
};

Task<void> CarrierToStt(Legs& legs) {
  std::string held, audio;
  while (true) {
    absl::StatusOr<http::Message> message = co_await legs.carrier->Read();
    if (!message.ok()) break;
    if (Value(message->data, "\"event\"") != "media") continue;
    const std::string_view payload = Value(message->data, "\"payload\"");
    if (!absl::Base64Unescape(absl::string_view(payload.data(), payload.size()), &audio)) break;
    held += audio;
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
    if (Value(message->data, "\"type\"") != "chunk") continue;
    const std::string out =
        fmt::format(R"({{"event":"media","streamSid":"{}","media":{{"payload":"{}"}}}})",
                    kStreamSid, Value(message->data, "\"data\""));
    const absl::Status sent = co_await legs.carrier->WriteText(out);
    if (!sent.ok()) break;
  }
  legs.carrier->Abort();
}

class Relay final : public http::Handler {
 public:
  Relay(http::TlsContext tls, http::Url providers)
      : tls_(std::move(tls)), providers_(std::move(providers)) {}

  Task<void> Handle(const http::ServerRequest&, http::Responder& responder) override {
    using boost::asio::experimental::awaitable_operators::operator&&;
    const http::WebsocketLimits limits;
    const http::Headers headers;
    Legs legs;
    absl::StatusOr<std::unique_ptr<http::Websocket>> carrier = co_await responder.Upgrade(limits);
    if (!carrier.ok()) co_return;
    legs.carrier = *std::move(carrier);
    const http::Url stt_url = providers_.At("/v1/listen").AsWebsocket();
    absl::StatusOr<std::unique_ptr<http::Websocket>> stt =
        co_await http::ConnectWebsocket(tls_, stt_url, headers, std::nullopt, limits);
    if (!stt.ok()) co_return;
    legs.stt = *std::move(stt);
    const http::Url tts_url = providers_.At("/tts/websocket").AsWebsocket();
    absl::StatusOr<std::unique_ptr<http::Websocket>> tts =
        co_await http::ConnectWebsocket(tls_, tts_url, headers, std::nullopt, limits);
    if (!tts.ok()) co_return;
    legs.tts = *std::move(tts);
    co_await (CarrierToStt(legs) && SttToTts(legs) && TtsToCarrier(legs));
  }

 private:
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
