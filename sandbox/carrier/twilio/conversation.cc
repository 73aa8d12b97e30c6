#include "sandbox/carrier/twilio/conversation.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "sandbox/carrier/ringing.h"
#include "sandbox/carrier/twilio/request_signature.h"

namespace latchkey::sandbox::twilio {
namespace {

constexpr int kDocumentsMax = 100;  // A <Redirect> to itself ends some time.

}  // namespace

Conversation::Conversation(const CallSurroundings& surroundings, http::Client& client, Call& call,
                           Group& group)
    : surroundings_(surroundings),
      call_(call),
      group_(group),
      scenario_(surroundings.stage.scenario()),
      source_(surroundings, client, call),
      playout_(&call.phone->heard()),
      stream_over_(surroundings.executor, boost::asio::steady_timer::time_point::max()) {}

bool Conversation::Interrupted() const {
  return hung_up_ || call_.end_asked || call_.new_twiml.has_value() || call_.new_url.has_value();
}

void Conversation::OnHangUp() {
  hung_up_ = true;
  if (ringing_ != nullptr) ringing_->end_asked = true;
}

Task<void> Conversation::Run(absl::StatusOr<Document> first) {
  using boost::asio::experimental::awaitable_operators::operator&&;
  const absl::Duration length_max =
      std::min(call_.order.length_max, scenario_->quirks.twilio.call_max);
  co_await (KeepTime(surroundings_.frames, call_, playout_, length_max, *this) &&
            Perform(std::move(first)));
}

Task<void> Conversation::OnTick(const CalleePhone::Answer& answer, std::vector<std::string> marks) {
  if (dialled_ != nullptr) {
    const CalleePhone::Answer other =
        dialled_->phone->OnFrame(answer.said, static_cast<int>(kFrameSamples));
    if (other.hangs_up) dialled_->end_asked = true;
    playout_.Play(other.said);
  }
  if (stream_ == nullptr) co_return;
  if (Interrupted()) stream_->End();
  stream_->SendTick(answer, marks);
  if (stream_->over()) stream_over_.cancel();
}

Task<void> Conversation::Perform(absl::StatusOr<Document> document) {
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
    std::optional<DialEnd> dialed = std::exchange(dial_end_, std::nullopt);
    if (call_.end_asked || (!replaced && !dialed.has_value())) break;
    if (replaced) {
      document = co_await source_.Next();
    } else {
      document = co_await source_.AfterDial(*std::move(dialed));
    }
    if (hung_up_) break;
  }
  performed_ = true;
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
    case Verb::Kind::kDial:
      co_await Dial(std::move(verb));
      co_return !dial_end_.has_value();
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
      co_await surroundings_.speech.synthesizer().Speak(scenario_->agent_voice, text);
  if (!speech.ok()) co_return;
  playout_.Play((*speech)->mulaw);
  while (!Interrupted() && playout_.waiting_bytes() > 0) {
    co_await surroundings_.clock.Sleep(kTick);
  }
  if (playout_.waiting_bytes() == 0 && !Interrupted()) call_.said.push_back(std::move(text));
  playout_.Clear();
}

Task<void> Conversation::Dial(Verb verb) {
  CallOrder order;
  order.to = verb.text;
  order.from = verb.caller_id;
  order.parent_sid = call_.sid;
  const auto other = std::make_shared<Call>(MakeSid("CA", surroundings_.random), call_.account_sid,
                                            std::move(order), surroundings_.clock.Now());
  surroundings_.calls.Add(other);
  other->Become(CallStatus::kInitiated, surroundings_.clock.Now());
  other->Become(CallStatus::kRinging, surroundings_.clock.Now());
  const Callee person = scenario_->CalleeAt(verb.text);
  ringing_ = other;
  const RingOutcome outcome = co_await Ring(surroundings_, other, person, verb.ring);
  ringing_ = nullptr;
  if (outcome.status == CallStatus::kInProgress) {
    co_await Join(other, person, verb.length);
  } else {
    other->sip_code = outcome.sip_code;
    other->Become(outcome.status, surroundings_.clock.Now());
  }
  if (verb.url.empty()) co_return;
  dial_end_.emplace(verb.url, other->sid, other->status);
  dial_end_->hung_up = hung_up_;
}

Task<void> Conversation::Join(std::shared_ptr<Call> other, Callee person, absl::Duration at_most) {
  other->phone = co_await PickUp(surroundings_, person);
  other->Become(CallStatus::kInProgress, surroundings_.clock.Now());
  dialled_ = other;
  const absl::Time end = surroundings_.clock.Now() + at_most;
  while (!Interrupted() && !other->end_asked && surroundings_.clock.Now() < end) {
    co_await surroundings_.clock.Sleep(kTick);
  }
  dialled_ = nullptr;
  playout_.Clear();
  other->sip_code = 200;
  other->Become(CallStatus::kCompleted, surroundings_.clock.Now());
}

Task<absl::StatusOr<std::unique_ptr<http::Websocket>>> Conversation::Connect(std::string url) {
  absl::StatusOr<http::Url> parsed = http::Url::Parse(url);
  if (!parsed.ok()) co_return parsed.status();
  const std::string signature = RequestSignature(scenario_->twilio.auth_token, url);
  const http::Headers headers = {{"x-twilio-signature", signature},
                                 {"user-agent", "Twilio.TmeWs/1.0"}};
  const http::WebsocketLimits limits;
  const std::optional<http::SecretHeader> no_secret;
  co_return co_await http::ConnectWebsocket(surroundings_.client_tls, *parsed, headers, no_secret,
                                            limits);
}

Task<void> Conversation::Stream(Verb verb) {
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await Connect(verb.url);
  if (!socket.ok()) {
    const bool malformed = absl::IsInvalidArgument(socket.status());
    call_.error = malformed ? "stream_31923" : "stream_31920";
    log::Warn("media stream refused", {{"call_sid", call_.sid}, {"error", socket.status()}});
    co_return;
  }
  StreamMessages messages(MakeSid("MZ", surroundings_.random), call_.account_sid, call_.sid);
  stream_ = std::make_unique<MediaStream>(std::move(messages), std::move(verb.parameters),
                                          scenario_->quirks.twilio, playout_);
  FaultPlayer faults(surroundings_.stage, surroundings_.clock, Provider::kTwilio, call_.person());
  stream_->Open(surroundings_.executor, surroundings_.clock, *std::move(socket), std::move(faults),
                group_);
  co_await WaitForStream();
  if (!stream_->error().empty()) call_.error = "stream_" + stream_->error();
  stream_ = nullptr;
  playout_.Clear();
}

Task<void> Conversation::WaitForStream() {
  while (!stream_->over()) {
    stream_over_.expires_at(boost::asio::steady_timer::time_point::max());
    boost::system::error_code told;
    co_await stream_over_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, told));
  }
}

}  // namespace latchkey::sandbox::twilio
