#include "tests/integration/sandbox/fake_media.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "lib/base/error.h"
#include "sandbox/carrier/base64.h"

namespace latchkey::sandbox {
namespace {

constexpr size_t kPieceBytes = 1600;

}  // namespace

Task<void> FakeMedia::Handle(const http::ServerRequest& request, http::Responder& responder) {
  const std::string signature(request.headers.Get("x-twilio-signature"));
  if (!request.upgrade) {
    const http::Response response = Answer(request);
    absl::Status sent = co_await responder.Send(response);
    sent.IgnoreError();
    co_return;
  }
  handshake_signature = signature;
  const http::WebsocketLimits limits;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await responder.Upgrade(limits);
  if (!socket.ok()) co_return;
  Hearing::Options options;
  hearing_ = std::make_unique<Hearing>(*ears, options);
  co_await Follow(**socket);
}

http::Response FakeMedia::Answer(const http::ServerRequest& request) {
  const std::string& path = request.parsed.path;
  absl::StatusOr<http::Form> form = http::Form::Parse(request.body);
  const Callback told{form.ok() ? *form : http::Form(),
                      std::string(request.headers.Get("x-twilio-signature")), path,
                      std::string(request.headers.Get("i-twilio-idempotency-token"))};
  http::Response response;
  response.status = 204;
  if (path == "/voice") {
    webhooks.push_back(told);
    response.status = 200;
    response.headers = {{"content-type", "text/xml"}};
    response.body = twiml;
    return response;
  }
  callbacks.push_back(told);
  if (statuses.empty()) return response;
  response.status = statuses.front();
  statuses.pop_front();
  return response;
}

Task<void> FakeMedia::Follow(http::Websocket& socket) {
  bool go_on = true;
  while (go_on) {
    absl::StatusOr<http::Message> message = co_await socket.Read();
    if (!message.ok()) {
      stream_ended = true;
      stream_end = Reason(message.status());
      co_return;
    }
    boost::system::error_code failed;
    const boost::json::value event = boost::json::parse(message->data, failed);
    if (failed) {
      events.emplace_back("garbage");
      continue;
    }
    go_on = co_await OnEvent(event, socket);
  }
  co_await socket.Close(1000, "");
}

Task<bool> FakeMedia::OnEvent(const boost::json::value& event, http::Websocket& socket) {
  const std::string name = event.at("event").as_string().c_str();
  if (name == "media") {
    ++media_frames;
    const std::string_view payload = event.at("media").at("payload").as_string();
    std::vector<uint8_t> audio = *DecodeBase64(payload);
    chunk_bytes.push_back(audio.size());
    co_return co_await Listen(std::move(audio), socket);
  }
  events.push_back(name);
  if (name == "mark") marks.push_back(event.at("mark").at("name").as_string().c_str());
  if (name == "start") {
    stream_sid_ = event.at("streamSid").as_string().c_str();
    const boost::json::object& custom = event.at("start").at("customParameters").as_object();
    if (custom.contains("token")) parameter = custom.at("token").as_string().c_str();
    co_await Greet(socket);
  }
  co_return true;
}

Task<void> FakeMedia::Greet(http::Websocket& socket) {
  for (size_t at = 0; at < speech.size(); at += kPieceBytes) {
    const auto piece = std::span(speech).subspan(at, std::min(kPieceBytes, speech.size() - at));
    const std::string text =
        fmt::format(R"({{"event":"media","streamSid":"{}","media":{{"payload":"{}"}}}})",
                    stream_sid_, EncodeBase64(piece));
    absl::Status sent = co_await socket.WriteText(text);
    if (!sent.ok()) co_return;
  }
  const std::string mark = fmt::format(
      R"({{"event":"mark","streamSid":"{}","mark":{{"name":"greeted"}}}})", stream_sid_);
  absl::Status sent = co_await socket.WriteText(mark);
  sent.IgnoreError();
}

Task<bool> FakeMedia::Listen(std::vector<uint8_t> audio, http::Websocket& socket) {
  std::vector<Hearing::Event> found = hearing_->Push(audio);
  for (Hearing::Event& event : found) {
    if (event.kind == Hearing::Event::kSpeechStarted && clear_when_spoken_to) {
      const std::string clear = fmt::format(R"({{"event":"clear","streamSid":"{}"}})", stream_sid_);
      absl::Status sent = co_await socket.WriteText(clear);
      sent.IgnoreError();
    }
    if (event.kind != Hearing::Event::kUtteranceEnded) continue;
    absl::StatusOr<Recognized> words = co_await event.recognition->Finish();
    heard.push_back(words.ok() ? words->text : "an error");
    if (close_after_utterance) co_return false;
  }
  co_return true;
}

}  // namespace latchkey::sandbox
