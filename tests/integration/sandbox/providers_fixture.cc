#include "tests/integration/sandbox/providers_fixture.h"

#include <fmt/format.h>

#include "tests/support/pki.h"

namespace latchkey::sandbox {

namespace json = boost::json;

namespace {

Pki& SharedPki() {
  static Pki pki;
  return pki;
}

Scenario QuickScenario() {
  const Latency none{absl::ZeroDuration(), absl::ZeroDuration()};
  Scenario scenario;
  scenario.stt_engine = Scenario::SttEngine::kFingerprint;
  scenario.latencies = {none, none, none, none, none};
  scenario.agent = {
      {.when = {"goodbye"}, .say = "Goodbye then!", .end_call = true},
      {.when = {}, .say = "We are open on Friday."},
  };
  for (const Provider provider : {Provider::kAnthropic, Provider::kDeepgram, Provider::kCartesia}) {
    const int unfunded = provider == Provider::kAnthropic ? 400 : 402;
    scenario.keys[provider] = {
        {.key = "good"}, {.key = "busy", .status = 429}, {.key = "unfunded", .status = unfunded}};
  }
  scenario.callees["*"].lines = {CalleeLine{.say = "Thursday is perfect for me."},
                                 CalleeLine{.say = "No, that is all. Thank you and goodbye!"}};
  return scenario;
}

}  // namespace

ProvidersFixture::ProvidersFixture()
    : stage_(QuickScenario()), tls_(http::TlsContext::ForClient(SharedPki().ca_file())) {
  EXPECT_THAT(Await(io_, speech_.Prepare(stage_.scenario())), IsOk());
  router_.Add("/v1/messages", anthropic_);
  router_.Add("/v1/models", model_lists_);
  router_.Add("/v1/realtime", openai_);
  router_.Add("/v1/listen", deepgram_);
  router_.Add("/v1/auth", deepgram_);
  router_.Add("/v1/projects", deepgram_);
  router_.Add("/tts", cartesia_);
  router_.Add("/voices", cartesia_);
  const auto files = SharedPki().ForLocalhost();
  http::ServerOptions options;
  options.tls = *http::TlsContext::ForServer(files.cert, files.key);
  server_ = *http::Server::Listen(io_.get_executor(), options, router_);
  client_ = std::make_unique<http::Client>(io_.get_executor(), *tls_);
}

ProvidersFixture::~ProvidersFixture() {
  client_.reset();
  Await(io_, server_->Stop(absl::ZeroDuration()));
}

http::Url ProvidersFixture::UrlOf(std::string_view path, const http::Form& query) const {
  return http::Url::Parse(fmt::format("https://127.0.0.1:{}", server_->port()))->At(path, query);
}

http::Request ProvidersFixture::Post(std::string_view path, std::string body,
                                     const Secret& key) const {
  http::Request request("POST", UrlOf(path));
  request.headers = {{"anthropic-version", "2023-06-01"},
                     {"cartesia-version", "2026-08-14"},
                     {"content-type", "application/json"}};
  request.body = std::move(body);
  request.secret = http::SecretHeader::Bearer(key);
  return request;
}

absl::StatusOr<std::unique_ptr<http::Websocket>> ProvidersFixture::Connect(
    const http::Url& url, const http::SecretHeader& key) {
  const http::Headers headers = {{"cartesia-version", "2026-08-14"}};
  const std::optional<http::SecretHeader> secret = key;
  const http::WebsocketLimits limits;
  return Await(io_, http::ConnectWebsocket(*tls_, url.AsWebsocket(), headers, secret, limits));
}

std::vector<uint8_t> ProvidersFixture::Spoken(std::string voice, std::string_view text) {
  return (*Await(io_, speech_.synthesizer().Speak(std::move(voice), std::string(text))))->mulaw;
}

json::value ProvidersFixture::Read(http::Websocket& websocket) {
  absl::StatusOr<http::Message> message = Await(io_, websocket.Read());
  if (!message.ok()) return nullptr;
  EXPECT_TRUE(message->text);
  return json::parse(json::string_view(message->data.data(), message->data.size()));
}

std::vector<json::value> ProvidersFixture::ReadAll(http::Websocket& websocket) {
  return ReadUntil(websocket, "");
}

std::vector<json::value> ProvidersFixture::ReadUntil(http::Websocket& websocket,
                                                     std::string_view type) {
  std::vector<json::value> messages;
  while (true) {
    json::value message = Read(websocket);
    if (message.is_null()) return messages;
    messages.push_back(std::move(message));
    if (TextAt(messages.back(), "/type") == type) return messages;
  }
}

void ProvidersFixture::Change(const std::function<void(Scenario&)>& change) {
  Scenario scenario = *stage_.scenario();
  change(scenario);
  stage_.Play(std::move(scenario));
}

void ProvidersFixture::Arm(Provider provider, Fault::Moment moment, Fault::Kind kind, int status) {
  Fault fault;
  fault.provider = provider;
  fault.moment = moment;
  fault.kind = kind;
  fault.status = status;
  stage_.AddFault(fault);
}

std::string TextAt(const json::value& message, std::string_view pointer) {
  boost::system::error_code error;
  const json::value* found =
      message.find_pointer(json::string_view(pointer.data(), pointer.size()), error);
  return found && found->is_string() ? std::string(found->get_string()) : std::string();
}

}  // namespace latchkey::sandbox
