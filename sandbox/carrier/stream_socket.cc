#include "sandbox/carrier/stream_socket.h"

#include <boost/asio/redirect_error.hpp>
#include <utility>

#include "lib/base/error.h"

namespace latchkey::sandbox {
namespace {

constexpr uint16_t kNormalClosure = 1000;

// 1000, 1001 and a close frame without a code say that all is well.
bool EndedWell(const absl::Status& read) {
  if (Reason(read) != "closed") return false;
  const std::string code = Metadata(read)["close_code"];
  return code.empty() || code == "1000" || code == "1001" || code == "1005";
}

// A carrier has no words of its own for an error on a stream.
std::string NoComplaint(const Fault&) { return ""; }

}  // namespace

StreamSocket::StreamSocket(const Executor& executor, Clock& clock,
                           std::unique_ptr<http::Websocket> socket, FaultPlayer faults,
                           OnMessage on_message)
    : clock_(clock),
      socket_(std::move(socket)),
      faults_(std::move(faults)),
      on_message_(std::move(on_message)),
      bell_(executor, boost::asio::steady_timer::time_point::max()) {}

void StreamSocket::Run(Group& group) {
  group.Spawn("stream writer", Write(shared_from_this()));
  group.Spawn("stream reader", Read(shared_from_this()));
}

void StreamSocket::Send(Fault::Moment moment, std::string text) {
  Add({.moment = moment, .text = std::move(text), .delay = absl::ZeroDuration()});
}

void StreamSocket::End(std::string last, absl::Duration delay) {
  Add({.moment = Fault::Moment::kEnd,
       .text = std::move(last),
       .delay = delay,
       .close_code = kNormalClosure});
}

void StreamSocket::Refuse(uint16_t code) {
  waiting_.clear();
  Add({.moment = Fault::Moment::kEnd,
       .text = "",
       .delay = absl::ZeroDuration(),
       .close_code = code});
}

void StreamSocket::Cut() {
  ours_ = true;
  socket_->Abort();
}

void StreamSocket::Add(Waiting waiting) {
  if (over_ || ours_) return;
  if (waiting_.size() == kWaitingMax) waiting_.pop_front();
  waiting_.push_back(std::move(waiting));
  bell_.cancel();
}

Task<void> StreamSocket::WaitForText() {
  while (waiting_.empty() && !over_) {
    bell_.expires_at(boost::asio::steady_timer::time_point::max());
    boost::system::error_code rung;
    co_await bell_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, rung));
  }
}

// `self` keeps the socket until the coroutine has ended.
Task<void> StreamSocket::Write(std::shared_ptr<StreamSocket> self) {
  bool go_on = true;
  while (go_on) {
    co_await WaitForText();
    if (over_) co_return;
    Waiting waiting = std::move(waiting_.front());
    waiting_.pop_front();
    go_on = co_await WriteOne(std::move(waiting));
  }
}

// False: it was the last.
Task<bool> StreamSocket::WriteOne(Waiting waiting) {
  if (waiting.delay > absl::ZeroDuration()) co_await clock_.Sleep(waiting.delay);
  if (!waiting.text.empty()) {
    const Played played =
        co_await faults_.OnSocket(waiting.moment, *socket_, waiting.text, &NoComplaint);
    if (played == Played::kOver) {
      ours_ = true;
      socket_->Abort();
      co_return false;
    }
    const absl::Status sent = co_await socket_->WriteText(waiting.text);
    if (!sent.ok()) co_return false;  // Read() tells of it.
  }
  if (waiting.close_code == 0) co_return true;
  ours_ = true;
  co_await socket_->Close(waiting.close_code, "");
  co_return false;
}

Task<void> StreamSocket::Read(std::shared_ptr<StreamSocket> self) {
  absl::Status ended;
  while (ended.ok()) {
    absl::StatusOr<http::Message> message = co_await socket_->Read();
    ended = message.status();
    if (message.ok() && on_message_ != nullptr) on_message_(*message);
  }
  broken_ = !ours_ && !EndedWell(ended);
  over_ = true;
  bell_.cancel();
}

}  // namespace latchkey::sandbox
