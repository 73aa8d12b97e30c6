// Server: HTTP/1.1 with keep-alive, streaming answers and websockets, for coroutine handlers.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "lib/http/client.h"
#include "lib/http/headers.h"
#include "lib/http/tls.h"
#include "lib/http/url.h"
#include "lib/http/websocket.h"
#include "lib/secret/secret.h"

namespace latchkey::http {

struct ServerRequest {
  std::string method;  // "GET"
  std::string target;  // As sent, for signatures: "/v1/calls?limit=2"
  Target parsed;       // A target that does not parse was answered with 400.
  Headers headers;
  std::string body;  // Wiped when the exchange ends.
  // The body instead, where Handler::HoldsKey says so. Mutable, so that the handler may take it.
  mutable Secret secret_body;
  std::string peer;      // "127.0.0.1:51312"
  bool secure = false;   // Came over TLS.
  bool upgrade = false;  // Asks for a websocket.
};

// An accepted request for a websocket, still without an answer. May be carried to another io
// thread, which then owns the connection: no two threads may touch it at once.
class PendingUpgrade {
 public:
  virtual ~PendingUpgrade() = default;

  // Answers 101 with `headers` on `executor`, the caller's io thread, and gives the websocket,
  // which is independent of the Server from then on. Errors as Websocket::Read.
  virtual Task<absl::StatusOr<std::unique_ptr<Websocket>>> Accept(const Executor& executor,
                                                                  const WebsocketLimits& limits,
                                                                  const Headers& headers) = 0;
};

// How a handler answers. Exactly one of Send, Start and Upgrade/TakeUpgrade is used, once; a
// handler that returns without any has answered 500. A failed write means that the client is gone:
// kUnavailable `unreachable`, or kDeadlineExceeded when it does not read.
class Responder {
 public:
  virtual ~Responder() = default;

  // A whole answer.
  virtual Task<absl::Status> Send(const Response& response) = 0;

  // The head of a streaming answer (chunked), then its pieces. The end is when the handler returns;
  // without a call of Finish() the connection is cut instead, so that the client sees it broken.
  virtual Task<absl::Status> Start(int status, const Headers& headers) = 0;
  virtual Task<absl::Status> Write(std::string_view piece) = 0;
  virtual Task<absl::Status> Finish() = 0;

  // Puts bytes below HTTP, as a server that breaks the protocol does: instead of an answer, or in
  // the middle of a streaming one. Only Abort() is of use after it. For stand-ins and tests.
  virtual Task<absl::Status> SendRaw(std::string_view bytes) = 0;

  // Returns when the client has gone away, or this coroutine is cancelled. Only before the answer's
  // end; run it beside the writing to learn of it early.
  virtual Task<void> Disconnected() = 0;

  // Becomes a websocket on this io thread. Only when request.upgrade; else kFailedPrecondition
  // `not_an_upgrade`.
  virtual Task<absl::StatusOr<std::unique_ptr<Websocket>>> Upgrade(const WebsocketLimits& limits,
                                                                   const Headers& headers = {}) = 0;
  // The same in two steps, to give the connection to another io thread. nullptr when the request
  // does not ask for an upgrade.
  virtual std::unique_ptr<PendingUpgrade> TakeUpgrade() = 0;

  // Drops the connection without an answer, as a server that dies does.
  virtual void Abort() = 0;
};

// What serves requests. Many run side by side on the server's io thread.
class Handler {
 public:
  virtual ~Handler() = default;

  // Both live until it returns. An upgraded websocket may outlive it.
  virtual Task<void> Handle(const ServerRequest& request, Responder& responder) = 0;

  // True when the body of such a request holds a key: it is then read into guarded memory and
  // given as secret_body. At most 16 KiB (413 over it); 503 while there is no room for keys.
  virtual bool HoldsKey(std::string_view method, std::string_view path) const {
    (void)method, (void)path;
    return false;
  }
};

struct ServerOptions {
  std::string listen = "127.0.0.1:0";  // "address:port"; port 0 takes a free one.
  std::optional<TlsContext> tls;       // Without it the server speaks plain HTTP.
  bool reuse_port = false;             // Lets one server per io thread listen on the same port.
  size_t connections_max = 20'000;     // Further ones wait in the kernel's queue.
  size_t head_bytes_max = 16 * 1024;
  size_t body_bytes_max = 1 << 20;
  absl::Duration handshake_timeout = absl::Seconds(10);  // TLS.
  absl::Duration head_timeout = absl::Seconds(10);       // From a head's first byte to its last.
  absl::Duration body_timeout = absl::Seconds(30);
  absl::Duration idle_timeout = absl::Seconds(75);  // Between requests.
  absl::Duration write_timeout = absl::Seconds(30);
  // After so long the next answer is the connection's last: the client comes back under the
  // certificate of the day. A streaming answer or a websocket is not cut.
  absl::Duration connection_age = absl::Minutes(5);
};

// Lives on one io thread; make one per thread with reuse_port to use several. The handler outlives
// the server.
class Server {
 public:
  // Listens at once. kFailedPrecondition `cannot_listen`: the address is in use or is not ours.
  static absl::StatusOr<std::unique_ptr<Server>> Listen(Executor executor,
                                                        const ServerOptions& options,
                                                        Handler& handler);
  ~Server();  // Check()s that Stop() has been awaited.
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  uint16_t port() const;
  size_t connections() const;

  // New connections are served with it; a server that speaks plain HTTP cannot become another.
  void Renew(TlsContext tls);

  // Stops listening, closes idle connections, gives running handlers `grace`, then cancels them,
  // and returns when all have ended.
  Task<void> Stop(absl::Duration grace);

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace latchkey::http
