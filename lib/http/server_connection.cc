#include "lib/http/server_connection.h"

#include <boost/asio/error.hpp>
#include <utility>

#include "lib/base/error.h"
#include "lib/http/responder.h"
#include "lib/secret/arena.h"
#include "lib/secret/wiped_text.h"

namespace latchkey::http {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr absl::Duration kLingerLimit = absl::Seconds(2);
constexpr size_t kLingerReadsMax = 64;
constexpr size_t kSecretBodyBytesMax = 16 * 1024;  // A key has a few fields of up to 512.

absl::Status Broken() {
  return Error(absl::StatusCode::kUnavailable, "unreachable", "The client has gone away.");
}

// What a request that cannot be read is answered; 0 when nobody is there to read it.
int RefusalStatus(const absl::Status& status) {
  const std::string reason = Reason(status);
  if (reason == "head_too_large") return 431;
  if (reason == "body_too_large") return 413;
  if (reason == "key_memory_full") return 503;
  if (absl::IsInvalidArgument(status)) return 400;
  return 0;
}

}  // namespace

ServerConnection::ServerConnection(const ServerOptions& options, Handler& handler,
                                   const bool& stopping, tcp::socket socket)
    : options_(options),
      handler_(handler),
      stopping_(stopping),
      last_request_(Clock::now() + absl::ToChronoNanoseconds(options.connection_age)) {
  Transport transport(std::move(socket), options.write_timeout);
  peer_ = transport.Peer();
  connection_.emplace(std::move(transport));
}

void ServerConnection::Abort() {
  if (connection_) connection_->transport().Close();
}

Task<void> ServerConnection::Run() {
  Expect(options_.handshake_timeout);
  if (options_.tls) {
    const TlsContext tls = *options_.tls;  // May be renewed meanwhile.
    absl::Status secured = co_await connection_->transport().AcceptTls(tls);
    if (!secured.ok()) co_return;
  }
  while (!stopping_) {
    const Next next = co_await ServeOne();
    if (next == Next::kEnd) break;
  }
  if (connection_) connection_->transport().Shutdown();
}

Task<ServerConnection::Next> ServerConnection::ServeOne() {
  MessageParser parser = MessageParser::ForRequest(
      {.head_bytes_max = options_.head_bytes_max, .body_bytes_max = options_.body_bytes_max});
  idle_ = true;
  Expect(options_.idle_timeout);
  absl::Status read = co_await ReadHead(parser);
  idle_ = false;
  if (read.ok()) read = co_await ReadBody(parser);
  if (!read.ok()) co_return co_await Refuse(read);
  absl::StatusOr<ServerRequest> request = MakeRequest(parser);
  if (!request.ok()) co_return co_await Refuse(request.status());
  deadline_ = Clock::time_point::max();  // The handler's own limits hold.
  const secret::WipeAtEnd wiped(request->body);
  co_return co_await Answer(*request, parser.keep_alive());
}

Task<absl::Status> ServerConnection::ReadHead(MessageParser& parser) {
  while (true) {
    if (!connection_->input().empty()) {
      if (idle_) Expect(options_.head_timeout);
      idle_ = false;
      absl::StatusOr<size_t> used = parser.Feed(connection_->input());
      if (!used.ok() && absl::IsUnavailable(used.status())) {
        co_return Error(absl::StatusCode::kInvalidArgument, "malformed_request", "Not HTTP/1.1.");
      }
      if (!used.ok()) co_return used.status();
      connection_->Consume(*used);
      if (parser.head_done()) co_return absl::OkStatus();
    }
    const error_code error = co_await connection_->Fill();
    if (error) co_return Broken();
  }
}

Task<absl::Status> ServerConnection::ReadBody(MessageParser& parser) {
  Expect(options_.body_timeout);
  if (!parser.done() && parser.expects_continue()) {
    const error_code error = co_await connection_->Write("HTTP/1.1 100 Continue\r\n\r\n");
    if (error) co_return Broken();
  }
  while (!parser.done()) {
    absl::StatusOr<size_t> used = parser.Feed(connection_->input());
    if (!used.ok()) co_return used.status();
    connection_->Consume(*used);
    if (parser.done()) break;
    const error_code error = co_await connection_->Fill();
    if (error) co_return Broken();
  }
  co_return absl::OkStatus();
}

absl::StatusOr<ServerRequest> ServerConnection::MakeRequest(MessageParser& parser) {
  ServerRequest request;
  request.method = parser.method();
  request.target = parser.target();
  absl::StatusOr<Target> parsed = ParseTarget(request.target);
  if (!parsed.ok()) return parsed.status();
  request.parsed = *std::move(parsed);
  request.headers = parser.headers();
  absl::Status taken = TakeBody(parser, request);
  if (!taken.ok()) return taken;
  request.peer = peer_;
  request.secure = options_.tls.has_value();
  // Bytes behind the request would be lost on the way to the websocket; no client sends any.
  request.upgrade = parser.upgrade() && connection_->input().empty();
  return request;
}

absl::Status ServerConnection::TakeBody(MessageParser& parser, ServerRequest& request) {
  if (!handler_.HoldsKey(request.method, request.parsed.path)) {
    request.body = parser.TakeBody();
    return absl::OkStatus();
  }
  absl::Status room = secret::Arena::OfProcess().CheckRoom();
  if (!room.ok()) return room;
  if (parser.body_size() > kSecretBodyBytesMax) {
    return Error(absl::StatusCode::kResourceExhausted, "body_too_large",
                 "The body of the message is longer than any key.");
  }
  request.secret_body = parser.TakeSecretBody();
  return absl::OkStatus();
}

Task<ServerConnection::Next> ServerConnection::Refuse(absl::Status status) {
  const int code = RefusalStatus(status);
  if (code == 0) co_return Next::kEnd;
  Expect(options_.write_timeout);
  const ServerRequest unread;
  ConnectionResponder responder(connection_, unread, /*keep_alive=*/false);
  Response response;
  response.status = code;
  response.headers.Set("Content-Type", "text/plain");
  response.body = latchkey::Message(status) + "\n";
  absl::Status sent = co_await responder.Send(response);
  if (sent.ok()) co_await Linger();
  co_return Next::kEnd;
}

// Closing with bytes unread would reset the connection, and the client might never see the answer.
Task<void> ServerConnection::Linger() {
  connection_->transport().Shutdown();
  Expect(kLingerLimit);
  for (size_t reads = 0; reads < kLingerReadsMax; ++reads) {
    const error_code error = co_await connection_->Fill();
    if (error) co_return;
    connection_->Consume(connection_->input().size());
  }
}

Task<ServerConnection::Next> ServerConnection::Answer(ServerRequest& request, bool keep_alive) {
  using State = ConnectionResponder::State;
  keep_alive = keep_alive && !stopping_ && Clock::now() < last_request_;
  ConnectionResponder responder(connection_, request, keep_alive);
  co_await handler_.Handle(request, responder);
  if (responder.state() == State::kNothing) {
    Response response;
    response.status = 500;
    absl::Status sent = co_await responder.Send(response);
    if (!sent.ok()) co_return Next::kEnd;
  }
  if (responder.state() == State::kStreaming) responder.Abort();
  const bool whole = responder.state() == State::kWhole && !responder.broken();
  co_return whole&& keep_alive ? Next::kRequest : Next::kEnd;
}

}  // namespace latchkey::http
