#include "sandbox/carrier/twilio/conversation.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "sandbox/carrier/twilio/request_signature.h"

namespace latchkey::sandbox::twilio {
namespace {

constexpr absl::Duration kTick = absl::Milliseconds(kFrameMs);
constexpr int kDocumentsMax = 100;  // A <Redirect> to itself ends some time.

}  // namespace

Conversation::Conversation(const CallSurroundings& surroundings, http::Client& client, Call& call,
                           std::string auth_token, std::string agent_voice)
    : surroundings_(surroundings),
      client_(client),
      call_(call),
      auth_token_(std::move(auth_token)),
      agent_voice_(std::move(agent_voice)) {}

bool Conversation::Interrupted() const {
  return hung_up_ || call_.end_asked || call_.new_twiml.has_value() || call_.new_url.has_value();
}

Task<void> Conversation::Run() {
  using boost::asio::experimental::awaitable_operators::operator&&;
  co_await (KeepTime() && Perform());
}

Task<void> Conversation::KeepTime() {
  const absl::Time origin = surroundings_.clock.Now();
  int64_t ticks = 0;
  while (!performed_) {
    const PlayoutBuffer::Tick tick = playout_.Next();
    const CalleePhone::Answer answer = call_.phone->OnFrame(tick.frame, tick.played);
    if (answer.hangs_up || call_.end_asked || ticks * kTick >= call_.order.length_max) {
      hung_up_ = true;
    }
    co_await SendTick(answer);
    ++ticks;
    co_await surroundings_.clock.SleepUntil(origin + ticks * kTick);
  }
}

Task<void> Conversation::SendTick(const CalleePhone::Answer& answer) {
  const std::vector<std::string> marks = playout_.TakeMarks();
  const std::shared_ptr<MediaStream> stream = stream_;
  if (stream == nullptr) co_return;
  if (Interrupted()) {
    stream_ = nullptr;
    co_await stream->Close();
    co_return;
  }
  absl::Status sent = co_await stream->SendTick(answer.said, marks, answer.pressed);
  if (!sent.ok() && stream_ == stream) stream_ = nullptr;
}

Task<void> Conversation::Perform() {
  absl::StatusOr<std::vector<Verb>> document = co_await FirstDocument();
  for (int documents = 0; documents < kDocumentsMax; ++documents) {
    if (!document.ok()) {
      call_.error = Reason(document.status());
      log::Warn("twiml refused", {{"call_sid", call_.sid}, {"error", document.status()}});
      const std::string announcement = "We are sorry, an application error has occurred. Goodbye.";
      co_await Say(announcement);
      break;
    }
    bool go_on = true;
    for (size_t i = 0; i < document->size() && go_on && !Interrupted(); ++i) {
      go_on = co_await PerformVerb((*document)[i]);
    }
    const bool replaced = call_.new_twiml.has_value() || call_.new_url.has_value();
    if (hung_up_ || call_.end_asked || !replaced) break;
    document = co_await NextDocument();
  }
  performed_ = true;
}

Task<absl::StatusOr<std::vector<Verb>>> Conversation::FirstDocument() {
  if (call_.order.url.empty()) co_return ParseTwiml(call_.order.twiml);
  co_return co_await Fetch(call_.order.url);
}

Task<absl::StatusOr<std::vector<Verb>>> Conversation::NextDocument() {
  if (call_.new_twiml) {
    const std::string twiml = *std::exchange(call_.new_twiml, std::nullopt);
    co_return ParseTwiml(twiml);
  }
  std::string url = *std::exchange(call_.new_url, std::nullopt);
  co_return co_await Fetch(std::move(url));
}

Task<absl::StatusOr<std::vector<Verb>>> Conversation::Fetch(std::string url) {
  absl::StatusOr<http::Url> parsed = http::Url::Parse(url);
  if (!parsed.ok()) co_return parsed.status();
  const http::Form form = CallbackForm(call_, surroundings_.clock.Now());
  http::Request request("POST", *parsed);
  request.headers = {{"content-type", "application/x-www-form-urlencoded"},
                     {"x-twilio-signature", RequestSignature(auth_token_, url, form)},
                     {"user-agent", "TwilioProxy/1.1"}};
  request.body = form.Encode();
  const http::Limits limits;
  absl::StatusOr<http::Response> response = co_await client_.Send(request, limits);
  if (!response.ok()) co_return response.status();
  if (response->status != 200) {
    co_return Error(absl::StatusCode::kUnavailable, "twiml_11200", "The TwiML URL gave no 200.");
  }
  co_return ParseTwiml(response->body);
}

Task<bool> Conversation::PerformVerb(Verb verb) {
  switch (verb.kind) {
    case Verb::Kind::kConnectStream:
      co_await Stream(std::move(verb));
      co_return true;
    case Verb::Kind::kSay:
      co_await Say(std::move(verb.text));
      co_return true;
    case Verb::Kind::kPause:
      co_await WaitUntilInterrupted(verb.length);
      co_return true;
    case Verb::Kind::kRedirect:
      if (!call_.new_twiml && !call_.new_url) call_.new_url = verb.url;
      co_return false;
    case Verb::Kind::kHangup:
    case Verb::Kind::kReject:
      hung_up_ = true;
      co_return false;
  }
  co_return false;
}

Task<void> Conversation::WaitUntilInterrupted(absl::Duration at_most) {
  const absl::Time end = surroundings_.clock.Now() + at_most;
  while (!Interrupted() && surroundings_.clock.Now() < end) {
    co_await surroundings_.clock.Sleep(kTick);
  }
}

Task<void> Conversation::Say(std::string text) {
  absl::StatusOr<std::shared_ptr<const Speech>> speech =
      co_await surroundings_.speech.synthesizer().Speak(agent_voice_, std::move(text));
  if (!speech.ok()) co_return;
  playout_.Play((*speech)->mulaw);
  while (!Interrupted() && playout_.waiting_bytes() > 0) {
    co_await surroundings_.clock.Sleep(kTick);
  }
  playout_.Clear();
}

Task<void> Conversation::Stream(Verb verb) {
  absl::StatusOr<http::Url> url = http::Url::Parse(verb.url);
  if (!url.ok()) {
    call_.error = "stream_31923";
    co_return;
  }
  const http::Headers headers = {{"x-twilio-signature", RequestSignature(auth_token_, verb.url)},
                                 {"user-agent", "Twilio.TmeWs/1.0"}};
  const http::WebsocketLimits limits;
  const std::optional<http::SecretHeader> no_secret;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket =
      co_await http::ConnectWebsocket(surroundings_.client_tls, *url, headers, no_secret, limits);
  if (!socket.ok()) {
    call_.error = "stream_31920";
    log::Warn("media stream refused", {{"call_sid", call_.sid}, {"error", socket.status()}});
    co_return;
  }
  StreamMessages messages(MakeSid("MZ", surroundings_.random), call_.account_sid, call_.sid);
  const auto stream = std::make_shared<MediaStream>(*std::move(socket), std::move(messages),
                                                    std::move(verb.parameters));
  stream_ = stream;
  const std::string error = co_await stream->Follow(playout_);
  if (stream_ == stream) stream_ = nullptr;
  if (!error.empty()) call_.error = "stream_" + error;
  playout_.Clear();
}

}  // namespace latchkey::sandbox::twilio
