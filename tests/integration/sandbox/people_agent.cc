#include "tests/integration/sandbox/people_agent.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>

#include "sandbox/carrier/base64.h"

namespace latchkey::sandbox {

struct PeopleAgent::Stream {
  explicit Stream(Recognizer& recognizer) : hearing(recognizer, {}) {}

  std::string sid;
  Hearing hearing;
};

Task<void> PeopleAgent::Handle(const http::ServerRequest& request, http::Responder& responder) {
  Seen& seen = seen_[request.parsed.segments.back()];
  if (!request.upgrade) {
    absl::StatusOr<http::Form> form = http::Form::Parse(request.body);
    if (form.ok()) {
      seen.statuses.emplace_back(form->Get("CallStatus"));
      seen.sip_code = form->Get("SipResponseCode");
    }
    http::Response response;
    response.status = 204;
    absl::Status sent = co_await responder.Send(response);
    sent.IgnoreError();
    co_return;
  }
  const http::WebsocketLimits limits;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await responder.Upgrade(limits);
  if (socket.ok()) co_await Follow(seen, **socket);
}

Task<void> PeopleAgent::Follow(Seen& seen, http::Websocket& socket) {
  Stream stream(*ears);
  while (true) {
    absl::StatusOr<http::Message> message = co_await socket.Read();
    if (!message.ok()) co_return;
    const boost::json::value event = boost::json::parse(message->data);
    co_await OnEvent(event, seen, stream, socket);
  }
}

Task<void> PeopleAgent::OnEvent(const boost::json::value& event, Seen& seen, Stream& stream,
                                http::Websocket& socket) {
  const std::string name = event.at("event").as_string().c_str();
  if (name == "media") {
    const std::string_view payload = event.at("media").at("payload").as_string();
    std::vector<uint8_t> audio = *DecodeBase64(payload);
    co_await Listen(std::move(audio), seen, stream, socket);
  } else if (name == "start") {
    stream.sid = event.at("streamSid").as_string().c_str();
    co_await Say(seen, stream, socket);
  } else if (name == "dtmf") {
    seen.digits += event.at("dtmf").at("digit").as_string().c_str();
  } else if (name == "stop") {
    seen.stopped = true;
  }
}

Task<void> PeopleAgent::Listen(std::vector<uint8_t> audio, Seen& seen, Stream& stream,
                               http::Websocket& socket) {
  std::vector<Hearing::Event> found = stream.hearing.Push(audio);
  for (Hearing::Event& event : found) {
    if (event.kind != Hearing::Event::kUtteranceEnded) continue;
    absl::StatusOr<Recognized> words = co_await event.recognition->Finish();
    if (!words.ok() || words->text.empty()) continue;
    seen.heard.push_back(words->text);
    const std::string clear = fmt::format(R"({{"event":"clear","streamSid":"{}"}})", stream.sid);
    absl::Status sent = co_await socket.WriteText(clear);
    if (sent.ok()) co_await Say(seen, stream, socket);
  }
}

Task<void> PeopleAgent::Say(Seen& seen, const Stream& stream, http::Websocket& socket) {
  const std::string text =
      fmt::format(R"({{"event":"media","streamSid":"{}","media":{{"payload":"{}"}}}})", stream.sid,
                  EncodeBase64(speech));
  absl::Status sent = co_await socket.WriteText(text);
  const std::string mark = fmt::format(
      R"({{"event":"mark","streamSid":"{}","mark":{{"name":"said{}"}}}})", stream.sid, seen.said++);
  if (sent.ok()) sent = co_await socket.WriteText(mark);
  sent.IgnoreError();  // Who hung up hears no more.
}

}  // namespace latchkey::sandbox
