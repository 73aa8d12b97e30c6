#include "tests/support/media/stub_third_parties.h"

#include <fmt/format.h>

#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "services/media/domain/json_scan.h"
#include "tests/support/await.h"
#include "tests/support/pki.h"

namespace latchkey::media {
namespace {

Pki& TestPki() {
  static Pki pki;
  return pki;
}

constexpr std::string_view kResult =
    R"({"type":"Results","is_final":true,"speech_final":true,"channel":{"alternatives":)"
    R"([{"transcript":"hello there"}]}})";
constexpr std::string_view kWords =
    "event: content_block_delta\n"
    "data: {\"type\":\"content_block_delta\",\"delta\":{\"type\":\"text_delta\","
    "\"text\":\"Good morning.\"}}\n\n";
constexpr std::string_view kStop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

constexpr std::string_view kWrongKey =
    R"({"type":"error","error":{"type":"invalid_request_error","code":"invalid_api_key"}})";
constexpr std::string_view kSession =
    R"({"type":"session.created","session":{"id":"sess_1","expires_at":1790003600}})";
constexpr const char* kResponse[] = {
    R"({"type":"response.created","response":{"id":"r1","status":"in_progress"}})",
    R"({"type":"response.output_audio_transcript.delta","response_id":"r1","item_id":"i1",)"
    R"("delta":"Good morning."})",
    R"({"type":"response.output_audio.delta","response_id":"r1","item_id":"i1",)"
    R"("delta":"//79/A=="})",
    R"({"type":"response.output_audio.done","response_id":"r1","item_id":"i1"})",
    R"({"type":"response.function_call_arguments.done","response_id":"r1","item_id":"i2",)"
    R"("call_id":"call_1","name":"end_call","arguments":"{}"})",
    R"({"type":"response.done","response":{"id":"r1","status":"completed","usage":)"
    R"({"output_token_details":{"text_tokens":3,"audio_tokens":9}}}})"};

std::string ContextOf(std::string_view request) {
  return std::string(FindMember(request, "context_id").value_or("\"\""));
}

}  // namespace

StubThirdParties::StubThirdParties(boost::asio::io_context& io)
    : io_(io), client_tls_(*http::TlsContext::ForClient(TestPki().ca_file())) {
  static const rpc::TlsFiles files = TestPki().ForLocalhost();
  http::ServerOptions options;
  options.tls = *http::TlsContext::ForServer(files.cert, files.key);
  server_ = *http::Server::Listen(io.get_executor(), options, *this);
}

StubThirdParties::~StubThirdParties() { Await(io_, server_->Stop(absl::Milliseconds(10))); }

http::Url StubThirdParties::url() const {
  return *http::Url::Parse(fmt::format("https://localhost:{}", server_->port()));
}

Task<void> StubThirdParties::Handle(const http::ServerRequest& request,
                                    http::Responder& responder) {
  const std::string& path = request.parsed.path;
  if (refuse_status != 0) {
    http::Response refusal;
    refusal.status = refuse_status;
    refusal.body = refuse_body;
    absl::Status sent = co_await responder.Send(refusal);
  } else if (path == "/v1/listen") {
    co_await Listen(responder);
  } else if (path == "/tts/websocket") {
    co_await Synthesize(responder);
  } else if (path == "/v1/realtime") {
    co_await Converse(responder);
  } else if (path == "/v1/messages") {
    co_await Reply(responder);
  } else {
    http::Response response = co_await Call(request);
    absl::Status sent = co_await responder.Send(response);
  }
}

Task<void> StubThirdParties::Listen(http::Responder& responder) {
  const http::WebsocketLimits limits;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await responder.Upgrade(limits);
  if (!socket.ok()) co_return;
  while (true) {
    absl::StatusOr<http::Message> message = co_await (*socket)->Read();
    if (!message.ok()) {
      closed = Reason(message.status());
      co_return;
    }
    if (!message->text) heard_bytes += message->data.size();
    if (!message->text || message->data.find("Finalize") == std::string_view::npos) continue;
    absl::Status sent = co_await (*socket)->WriteText(kResult);
  }
}

Task<void> StubThirdParties::Synthesize(http::Responder& responder) {
  const http::WebsocketLimits limits;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await responder.Upgrade(limits);
  if (!socket.ok()) co_return;
  while (true) {
    absl::StatusOr<http::Message> message = co_await (*socket)->Read();
    if (!message.ok()) {
      closed = Reason(message.status());
      co_return;
    }
    const std::string context = ContextOf(message->data);
    const bool last = message->data.find(R"("continue":false)") != std::string_view::npos;
    if (!last) continue;
    const std::string times = fmt::format(
        R"({{"type":"timestamps","context_id":{},"word_timestamps":{{"words":["Good","day."],)"
        R"("start":[0.0,0.1],"end":[0.1,0.2]}}}})",
        context);
    const std::string chunk =
        fmt::format(R"({{"type":"chunk","context_id":{},"data":"//79/A=="}})", context);
    const std::string done = fmt::format(R"({{"type":"done","context_id":{}}})", context);
    absl::Status sent = co_await (*socket)->WriteText(times);
    if (sent.ok()) sent = co_await (*socket)->WriteText(chunk);
    if (sent.ok()) sent = co_await (*socket)->WriteText(done);
  }
}

Task<void> StubThirdParties::Converse(http::Responder& responder) {
  const http::WebsocketLimits limits;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await responder.Upgrade(limits);
  if (!socket.ok()) co_return;
  if (reject_inside) {
    absl::Status told = co_await (*socket)->WriteText(kWrongKey);
    co_await (*socket)->Close(3000, "invalid_request_error.invalid_api_key");
    co_return;
  }
  absl::Status sent = co_await (*socket)->WriteText(kSession);
  while (sent.ok()) {
    absl::StatusOr<http::Message> message = co_await (*socket)->Read();
    if (!message.ok()) {
      closed = Reason(message.status());
      co_return;
    }
    const std::string event(message->data);
    const std::string type(PlainText(FindMember(event, "type").value_or("")).value_or(""));
    if (type == "input_audio_buffer.append") {
      heard_bytes += FindMember(event, "audio").value_or("").size();
      continue;
    }
    realtime_events.push_back(type);
    if (type == "session.update") {
      sent = co_await (*socket)->WriteText(R"({"type":"session.updated","session":{}})");
    }
    if (type != "response.create") continue;
    for (const char* const one : kResponse) {
      if (sent.ok()) sent = co_await (*socket)->WriteText(one);
    }
  }
}

Task<void> StubThirdParties::Reply(http::Responder& responder) {
  const http::Headers headers = {{"content-type", "text/event-stream"}};
  absl::Status sent = co_await responder.Start(200, headers);
  if (sent.ok()) sent = co_await responder.Write(kWords);
  if (hang) {
    co_await responder.Disconnected();
    closed = "disconnected";
    co_return;
  }
  if (sent.ok()) sent = co_await responder.Write(kStop);
  if (sent.ok()) sent = co_await responder.Finish();
}

Task<http::Response> StubThirdParties::Call(const http::ServerRequest& request) {
  last_body = request.body;
  http::Response response;
  response.status = request.method == "GET" ? 200 : 201;
  response.body = R"({"sid":"CA1","status":"completed","duration":"7","calls":[{"sid":"CA1"}]})";
  co_return response;
}

}  // namespace latchkey::media
