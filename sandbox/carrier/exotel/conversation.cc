#include "sandbox/carrier/exotel/conversation.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <utility>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "sandbox/carrier/exotel/numbers.h"

namespace latchkey::sandbox::exotel {
namespace {

constexpr int kHandshakes = 2;  // One retry.

}  // namespace

Conversation::Conversation(const CallSurroundings& surroundings, http::Client& client,
                           ExotelCall& call, Group& group)
    : surroundings_(surroundings),
      client_(client),
      call_(call),
      group_(group),
      scenario_(surroundings.stage.scenario()),
      playout_(&call.phone->heard()),
      stream_over_(surroundings.executor, boost::asio::steady_timer::time_point::max()) {}

Task<void> Conversation::Run() {
  using boost::asio::experimental::awaitable_operators::operator&&;
  co_await (KeepTime(surroundings_.frames, call_, playout_, call_.order.length_max, *this) &&
            Perform());
}

Task<void> Conversation::OnTick(const CalleePhone::Answer& answer, std::vector<std::string> marks) {
  call_.digits += answer.pressed;
  if (stream_ == nullptr) co_return;
  if (hung_up_) stream_->End("callended");
  stream_->SendTick(answer, marks);
  if (stream_->over()) stream_over_.cancel();
}

Task<void> Conversation::Perform() {
  if (call_.order.flow) {
    co_await PerformFlow();
  } else {
    // Connect Voice AI: the call is as long as its stream.
    co_await Stream(call_.order.stream_url);
  }
  performed_ = true;
}

Task<void> Conversation::PerformFlow() {
  Flow flow(surroundings_, client_, call_);
  const bool go_on = co_await flow.Before();
  if (!go_on || hung_up_) co_return;
  absl::StatusOr<std::string> address = co_await flow.StreamAddress();
  if (!address.ok()) {
    call_.error = Reason(address.status());
    co_return;
  }
  StreamResult result = co_await Stream(*address);
  co_await flow.After(std::move(result));
}

StreamFacts Conversation::Facts(const StreamUrl& url) const {
  const bool local = scenario_->quirks.exotel.local_numbers;
  StreamFacts facts;
  facts.stream_sid = MakeSid("", surroundings_.random);
  facts.call_sid = call_.sid;
  facts.account_sid = call_.account_sid;
  facts.from = local ? ToLocal(call_.order.customer) : call_.order.customer;
  facts.to = local ? ToLocal(call_.order.exophone) : call_.order.exophone;
  facts.sample_rate = url.sample_rate;
  return facts;
}

Task<absl::StatusOr<std::unique_ptr<http::Websocket>>> Conversation::Connect(StreamUrl url) {
  http::Headers headers;
  if (!url.authorization.empty()) headers.Set("authorization", url.authorization);
  http::WebsocketLimits limits;
  limits.connect = absl::Seconds(10);
  const std::optional<http::SecretHeader> no_secret;
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket =
      Error(absl::StatusCode::kUnavailable, "unreachable", "The stream was not tried.");
  for (int tries = 0; tries < kHandshakes && !socket.ok(); ++tries) {
    socket = co_await http::ConnectWebsocket(surroundings_.client_tls, url.url, headers, no_secret,
                                             limits);
  }
  co_return socket;
}

Task<StreamResult> Conversation::Stream(std::string address) {
  StreamResult result;
  result.url = address;
  result.status = "failed";
  absl::StatusOr<StreamUrl> url = StreamUrl::Parse(address);
  if (!url.ok()) {
    call_.error = Reason(url.status());
    co_return result;
  }
  absl::StatusOr<std::unique_ptr<http::Websocket>> socket = co_await Connect(*url);
  if (!socket.ok()) {
    call_.error = "stream_refused";
    log::Warn("agent stream refused", {{"call_sid", call_.sid}, {"error", socket.status()}});
    co_return result;
  }
  StreamFacts facts = Facts(*url);
  result.stream_sid = facts.stream_sid;
  StreamMessages messages(std::move(facts), scenario_->quirks.exotel);
  stream_ = std::make_unique<AgentStream>(std::move(messages), *std::move(url),
                                          scenario_->quirks.exotel, playout_);
  FaultPlayer faults(surroundings_.stage, surroundings_.clock, Provider::kExotel, call_.person());
  stream_->Open(surroundings_.executor, surroundings_.clock, *std::move(socket), std::move(faults),
                group_);
  co_await WaitForStream();
  result.status = "completed";
  result.disconnected_by = stream_->ended() ? "user" : "bot";
  result.duration = stream_->age();
  if (stream_->broken()) call_.error = "stream_broken";
  stream_ = nullptr;
  playout_.Clear();
  co_return result;
}

Task<void> Conversation::WaitForStream() {
  while (!stream_->over()) {
    stream_over_.expires_at(boost::asio::steady_timer::time_point::max());
    boost::system::error_code told;
    co_await stream_over_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, told));
  }
}

}  // namespace latchkey::sandbox::exotel
