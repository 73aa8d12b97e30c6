#include "bench/load/answering_peer.h"

#include <fmt/format.h>

#include <charconv>

#include "absl/strings/escaping.h"
#include "bench/load/tagged_frame.h"
#include "bench/load/text_value.h"

namespace latchkey::bench {
namespace {

// In frames of 20 ms.
constexpr int64_t kTurn = 350, kFirstWord = 25;
constexpr int kMessagesATurn = 15, kFramesAMessage = 10;

http::Response Plain(int status, std::string_view type, std::string body) {
  http::Response response;
  response.status = status;
  response.headers = {{"content-type", std::string(type)}};
  response.body = std::move(body);
  return response;
}

}  // namespace

struct AnsweringPeer::Stream {
  std::string stream_sid, call_sid;
  int64_t frames = 0;
};

AnsweringPeer::AnsweringPeer() {
  std::string audio;
  for (int i = 0; i < kFramesAMessage; ++i) audio += MakeFrame({}, true);
  absl::Base64Escape(audio, &payload_);
}

Task<void> AnsweringPeer::Handle(const http::ServerRequest& request, http::Responder& responder) {
  if (!request.upgrade) {
    const http::Response response = Answer(request);
    absl::Status sent = co_await responder.Send(response);
    sent.IgnoreError();  // Who is gone needs no answer.
    co_return;
  }
  const http::WebsocketLimits limits;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await responder.Upgrade(limits);
  if (!socket.ok()) co_return;
  ++counts_.live;
  co_await Follow(**socket);
  --counts_.live;
}

http::Response AnsweringPeer::Answer(const http::ServerRequest& request) {
  absl::StatusOr<http::Form> form = http::Form::Parse(request.body);
  if (!form.ok()) return Plain(400, "text/plain", "not a form");
  if (request.parsed.path == "/twiml") {
    return Plain(
        200, "text/xml",
        fmt::format(R"(<Response><Connect><Stream url="{}"/></Connect></Response>)", stream_url_));
  }
  ledger_.NoteCallback(std::string(form->Get("CallSid")), form->Get("CallStatus"),
                       form->Get("CallDuration"));
  return Plain(204, "text/plain", "");
}

Task<void> AnsweringPeer::Follow(http::Websocket& socket) {
  Stream stream;
  bool go_on = true;
  while (go_on) {
    absl::StatusOr<http::Message> message = co_await socket.Read();
    if (!message.ok()) break;
    go_on = co_await OnMessage(message->data, stream, socket);
  }
  if (!go_on) co_await socket.Close(1000, "");
  if (!stream.call_sid.empty()) ledger_.NoteStreamEnd(stream.call_sid, stream.frames);
}

Task<bool> AnsweringPeer::OnMessage(std::string_view message, Stream& stream,
                                    http::Websocket& socket) {
  const std::string_view event = TextValue(message, "\"event\"");
  if (event == "start") {
    stream.stream_sid = TextValue(message, "\"streamSid\"");
    stream.call_sid = TextValue(message, "\"callSid\"");
    ledger_.NoteStream(stream.call_sid);
  } else if (event == "mark") {
    ++counts_.marks_in;
  }
  if (event != "media") co_return event != "stop";
  const std::string_view text = TextValue(message, "\"chunk\"");
  int64_t chunk = 0;
  std::from_chars(text.data(), text.data() + text.size(), chunk);
  ++counts_.frames_in;
  if (chunk != ++stream.frames) ++counts_.gaps;
  if (hanging_up_) co_return false;
  if (stream.frames % kTurn != kFirstWord) co_return true;
  co_return co_await Speak(stream, socket);
}

Task<bool> AnsweringPeer::Speak(Stream& stream, http::Websocket& socket) {
  const std::string media =
      fmt::format(R"({{"event":"media","streamSid":"{}","media":{{"payload":"{}"}}}})",
                  stream.stream_sid, payload_);
  for (int i = 0; i < kMessagesATurn; ++i) {
    const absl::Status sent = co_await socket.WriteText(media);
    if (!sent.ok()) co_return false;
    counts_.frames_out += kFramesAMessage;
  }
  const std::string mark = fmt::format(
      R"({{"event":"mark","streamSid":"{}","mark":{{"name":"turn"}}}})", stream.stream_sid);
  const absl::Status sent = co_await socket.WriteText(mark);
  co_return sent.ok();
}

}  // namespace latchkey::bench
