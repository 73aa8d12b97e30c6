// ServerConnection: one client's connection to a Server, from its TLS handshake to its end.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <optional>

#include "lib/base/task.h"
#include "lib/http/buffered_transport.h"
#include "lib/http/message_parser.h"
#include "lib/http/server.h"

namespace latchkey::http {

class ServerConnection {
 public:
  using Clock = std::chrono::steady_clock;

  ServerConnection(const ServerOptions& options, Handler& handler, const bool& stopping,
                   boost::asio::ip::tcp::socket socket);

  // Serves one request after the other until either side ends it.
  Task<void> Run();

  // When the phase it is in has taken too long; the server looks once in a while and calls Abort.
  Clock::time_point deadline() const { return deadline_; }
  // True while no request is under way.
  bool idle() const { return idle_; }
  void Abort();

 private:
  friend class ConnectionResponder;

  enum class Next { kRequest, kEnd };

  Task<Next> ServeOne();
  Task<absl::Status> ReadHead(MessageParser& parser);
  Task<absl::Status> ReadBody(MessageParser& parser);
  Task<Next> Refuse(absl::Status status);
  Task<Next> Answer(ServerRequest& request, bool keep_alive);
  Task<void> Linger();
  absl::StatusOr<ServerRequest> MakeRequest(MessageParser& parser);
  absl::Status TakeBody(MessageParser& parser, ServerRequest& request);
  void Expect(absl::Duration limit) { deadline_ = Clock::now() + absl::ToChronoNanoseconds(limit); }

  const ServerOptions& options_;
  Handler& handler_;
  const bool& stopping_;
  std::optional<BufferedTransport> connection_;  // Empty once it became a websocket.
  std::string peer_;
  const Clock::time_point last_request_;  // What comes later is the last one.
  Clock::time_point deadline_ = Clock::time_point::max();
  bool idle_ = true;
};

}  // namespace latchkey::http
