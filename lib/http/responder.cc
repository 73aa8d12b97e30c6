#include "lib/http/responder.h"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "lib/base/check.h"
#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/http/accept_websocket.h"
#include "lib/http/message_parser.h"

namespace latchkey::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr size_t kPipelinedBytesMax = 64 * 1024;

bool OneLine(std::string_view text) { return text.find_first_of("\r\n") == std::string_view::npos; }

std::string ComposeHead(int status, const Headers& headers, bool keep_alive) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\n", status, ReasonPhrase(status));
  for (const Headers::Field& field : headers) {
    Check(OneLine(field.first) && OneLine(field.second), "a header of ours is one line");
    head += fmt::format("{}: {}\r\n", field.first, field.second);
  }
  if (!keep_alive) head += "Connection: close\r\n";
  return head;
}

absl::Status NotAnUpgrade() {
  return Error(absl::StatusCode::kFailedPrecondition, "not_an_upgrade",
               "The request does not ask for a websocket.");
}

class Taken final : public PendingUpgrade {
 public:
  Taken(Transport transport, std::string target, Headers headers)
      : transport_(std::move(transport)),
        target_(std::move(target)),
        request_headers_(std::move(headers)) {}

  Task<absl::StatusOr<std::unique_ptr<Websocket>>> Accept(const Executor& executor,
                                                          const WebsocketLimits& limits,
                                                          const Headers& headers) override {
    Transport transport = std::move(transport_).MoveTo(executor);
    return AcceptWebsocket(std::move(transport), target_, request_headers_, headers, limits);
  }

 private:
  Transport transport_;
  std::string target_;
  Headers request_headers_;
};

}  // namespace

Task<absl::Status> ConnectionResponder::Put(std::string_view bytes) {
  const error_code error = co_await connection_->Write(bytes);
  if (!error) co_return absl::OkStatus();
  broken_ = true;
  if (error == asio::error::timed_out) co_return DeadlineError();
  if (error == asio::error::operation_aborted) co_return CancelledError();
  co_return Error(absl::StatusCode::kUnavailable, "unreachable", "The client has gone away.");
}

Task<absl::Status> ConnectionResponder::Send(const Response& response) {
  latchkey::Check(state_ == State::kNothing, "a request is answered once");
  state_ = State::kWhole;
  std::string text = ComposeHead(response.status, response.headers, keep_alive_);
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless) text += fmt::format("Content-Length: {}\r\n", response.body.size());
  text += "\r\n";
  if (!bodiless && request_.method != "HEAD") text += response.body;
  co_return co_await Put(text);
}

Task<absl::Status> ConnectionResponder::Start(int status, const Headers& headers) {
  latchkey::Check(state_ == State::kNothing, "a request is answered once");
  state_ = State::kStreaming;
  std::string text = ComposeHead(status, headers, keep_alive_);
  text += "Transfer-Encoding: chunked\r\n\r\n";
  co_return co_await Put(text);
}

Task<absl::Status> ConnectionResponder::Write(std::string_view piece) {
  latchkey::Check(state_ == State::kStreaming, "pieces follow Start and precede Finish");
  if (piece.empty()) co_return absl::OkStatus();  // An empty chunk would end the body.
  std::string chunk = fmt::format("{:x}\r\n", piece.size());
  chunk += piece;
  chunk += "\r\n";
  co_return co_await Put(chunk);
}

Task<absl::Status> ConnectionResponder::Finish() {
  latchkey::Check(state_ == State::kStreaming, "Finish follows Start");
  state_ = State::kWhole;
  co_return co_await Put("0\r\n\r\n");
}

Task<absl::Status> ConnectionResponder::SendRaw(std::string_view bytes) {
  latchkey::Check(state_ != State::kUpgraded, "a websocket has bytes of its own");
  if (state_ == State::kNothing) state_ = State::kStreaming;  // So that its end is a cut.
  co_return co_await Put(bytes);
}

Task<void> ConnectionResponder::Disconnected() {
  while (connection_ && connection_->input().size() < kPipelinedBytesMax) {
    const error_code error = co_await connection_->Fill();
    if (!error) continue;
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() == asio::cancellation_type::none) broken_ = true;
    co_return;
  }
}

std::unique_ptr<PendingUpgrade> ConnectionResponder::TakeUpgrade() {
  latchkey::Check(state_ == State::kNothing, "a request is answered once");
  if (!request_.upgrade || !connection_) return nullptr;
  state_ = State::kUpgraded;
  Transport transport = std::move(*connection_).Release();
  connection_.reset();
  return std::make_unique<Taken>(std::move(transport), request_.target, request_.headers);
}

Task<absl::StatusOr<std::unique_ptr<Websocket>>> ConnectionResponder::Upgrade(
    const WebsocketLimits& limits, const Headers& headers) {
  const std::unique_ptr<PendingUpgrade> pending = TakeUpgrade();
  if (!pending) co_return NotAnUpgrade();
  const auto executor = co_await asio::this_coro::executor;
  co_return co_await pending->Accept(executor, limits, headers);
}

void ConnectionResponder::Abort() {
  state_ = State::kAborted;
  if (connection_) connection_->transport().Close();
}

}  // namespace latchkey::http
