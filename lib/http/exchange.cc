#include "lib/http/exchange.h"

#include <fmt/format.h>

#include <boost/asio/error.hpp>

#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/http/request_head.h"

namespace latchkey::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

absl::Status Translate(const error_code& error) {
  if (error == asio::error::operation_aborted) return CancelledError();
  if (error == asio::error::timed_out) return DeadlineError();
  if (error == asio::error::access_denied) return ForeignHost();
  return Error(absl::StatusCode::kUnavailable, "unreachable",
               "The connection broke before the answer was whole. Try again.");
}

bool OneLine(std::string_view text) { return text.find_first_of("\r\n") == std::string_view::npos; }

bool WellFormed(const Request& request) {
  for (const Headers::Field& field : request.headers) {
    if (!OneLine(field.first) || !OneLine(field.second)) return false;
  }
  return OneLine(request.url.target()) && request.url.target().find(' ') == std::string::npos &&
         OneLine(request.method);
}

std::string ComposeHead(const Request& request) {
  std::string head = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", request.method,
                                 request.url.target(), request.url.Authority());
  for (const Headers::Field& field : request.headers) {
    head += fmt::format("{}: {}\r\n", field.first, field.second);
  }
  const bool bodiless =
      request.method == "GET" || request.method == "HEAD" || request.method == "DELETE";
  if (!request.body.empty() || !bodiless) {
    head += fmt::format("Content-Length: {}\r\n", request.body.size());
  }
  head += "\r\n";
  return head;
}

}  // namespace

Task<absl::Status> Exchange::Write(const Request& request) {
  if (!WellFormed(request)) {
    co_return Error(absl::StatusCode::kInvalidArgument, "malformed_request",
                    "A header or the path of the request has a line break or a space in it.");
  }
  to_head_ = request.method == "HEAD";
  parser_ = MessageParser::ForResponse(limits_, to_head_);
  std::string text = ComposeHead(request);
  error_code error;
  if (request.secret) {
    connection_->transport().AddToNextWrite(*request.secret);
    error = co_await connection_->Write(text);
    if (!error) error = co_await connection_->Write(request.body);
  } else {
    text += request.body;
    error = co_await connection_->Write(text);
  }
  // A server may answer, with 413 say, and close before it has read everything.
  if (error == asio::error::broken_pipe || error == asio::error::connection_reset) {
    co_return absl::OkStatus();
  }
  if (error) co_return Translate(error);
  co_return absl::OkStatus();
}

Task<absl::Status> Exchange::ReadMore() {
  if (connection_->input().empty()) {
    const error_code error = co_await connection_->Fill();
    if (error == asio::error::eof) co_return parser_.FeedEnd();
    if (error) co_return Translate(error);
    answered_ = true;
  }
  const size_t before = connection_->input().size();
  absl::StatusOr<size_t> used = parser_.Feed(connection_->input());
  if (!used.ok()) co_return used.status();
  connection_->Consume(*used);
  if (*used > 0 || before == 0 || parser_.done()) co_return absl::OkStatus();
  const error_code error = co_await connection_->Fill();  // What is there is too little.
  if (error == asio::error::eof) co_return parser_.FeedEnd();
  if (error) co_return Translate(error);
  co_return absl::OkStatus();
}

Task<absl::Status> Exchange::ReadHead() {
  while (true) {
    while (!parser_.head_done()) {
      absl::Status more = co_await ReadMore();
      if (!more.ok()) co_return more;
    }
    // 100 Continue and its like precede the answer: RFC 9110, 15.2.
    if (parser_.status() >= 200) co_return absl::OkStatus();
    parser_ = MessageParser::ForResponse(limits_, to_head_);
  }
}

Task<absl::StatusOr<std::optional<std::string>>> Exchange::ReadPiece() {
  while (true) {
    std::string piece = parser_.TakeBody();
    if (!piece.empty()) co_return std::optional<std::string>(std::move(piece));
    if (parser_.done()) co_return std::optional<std::string>();
    absl::Status more = co_await ReadMore();
    if (!more.ok()) co_return more;
  }
}

Task<absl::StatusOr<std::string>> Exchange::ReadBody() {
  while (!parser_.done()) {
    absl::Status more = co_await ReadMore();
    if (!more.ok()) co_return more;
  }
  co_return parser_.TakeBody();
}

std::unique_ptr<BufferedTransport> Exchange::TakeReusable() {
  const bool reusable = parser_.done() && parser_.keep_alive() && connection_->input().empty();
  return reusable ? std::move(connection_) : nullptr;
}

}  // namespace latchkey::http
