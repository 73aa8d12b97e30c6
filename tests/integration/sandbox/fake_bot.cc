#include "tests/integration/sandbox/fake_bot.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <span>

#include "lib/base/error.h"
#include "sandbox/carrier/base64.h"

namespace latchkey::sandbox {

Task<void> FakeBot::Handle(const http::ServerRequest& request, http::Responder& responder) {
  if (!request.upgrade) {
    const http::Response response = Answer(request);
    absl::Status sent = co_await responder.Send(response);
    sent.IgnoreError();
    co_return;
  }
  authorization = request.headers.Get("authorization");
  const http::WebsocketLimits limits;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await responder.Upgrade(limits);
  if (!socket.ok()) co_return;
  co_await Follow(**socket);
  stream_ended = true;
}

http::Response FakeBot::Answer(const http::ServerRequest& request) {
  asked.push_back({request.method, request.parsed.path,
                   std::string(request.headers.Get("content-type")), request.body,
                   request.parsed.query});
  http::Response response;
  response.status = request.parsed.path == "/before" ? passthru_status : 200;
  if (request.parsed.path == "/url") {
    response.body = fmt::format(R"({{"url":"{}"}})", stream_url);
  }
  return response;
}

Task<void> FakeBot::Follow(http::Websocket& socket) {
  while (true) {
    absl::StatusOr<http::Message> message = co_await socket.Read();
    if (!message.ok()) {
      close_code = Metadata(message.status())["close_code"];
      co_return;
    }
    boost::json::value event = boost::json::parse(message->data);
    const bool is_media = event.at("event") == "media";
    const bool is_start = event.at("event") == "start";
    (is_media ? media : messages).push_back(std::move(event));
    if (is_start) co_await Speak(socket);
    if (close_after_frames != 0 && media.size() == static_cast<size_t>(close_after_frames)) break;
  }
  co_await socket.Close(1000, "");
}

Task<void> FakeBot::Speak(http::Websocket& socket) {
  std::vector<std::string> texts;
  for (size_t at = 0; at < pcm.size(); at += chunk_bytes) {
    const auto piece = std::span(pcm).subspan(at, std::min(chunk_bytes, pcm.size() - at));
    texts.push_back(fmt::format(
        R"({{"event":"media","stream_sid":"s","media":{{"payload":"{}"}}}})", EncodeBase64(piece)));
  }
  texts.push_back(R"({"event":"mark","stream_sid":"s","mark":{"name":"greeted"}})");
  if (clear_at_once) texts.push_back(R"({"event":"clear","stream_sid":"s"})");
  for (const std::string& text : texts) {
    absl::Status sent = co_await socket.WriteText(text);
    if (!sent.ok()) co_return;
  }
}

}  // namespace latchkey::sandbox
