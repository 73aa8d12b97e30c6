// Client: HTTPS requests as coroutines, over connections that are kept for the next one.
//
//   http::Request request("POST", base.At("/v1/messages"));
//   request.headers.Set("content-type", "application/json");
//   request.secret = http::SecretHeader("x-api-key", "", key);
//   absl::StatusOr<http::Response> response = co_await client.Send(request, limits);
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "lib/http/headers.h"
#include "lib/http/reach.h"
#include "lib/http/secret_header.h"
#include "lib/http/tls.h"
#include "lib/http/url.h"

namespace latchkey::http {

struct Request {
  Request(std::string verb, Url target) : method(std::move(verb)), url(std::move(target)) {}

  std::string method;  // "GET"
  Url url;
  Headers headers;  // Host, Content-Length and the secret header are added by the client.
  std::string body;
  std::optional<SecretHeader> secret;
};

// Its body is wiped with it, since a provider may echo a key.
struct Response {
  Response() = default;
  ~Response() { secret::Wipe(body); }
  Response(Response&&) noexcept = default;
  Response& operator=(Response&&) noexcept = default;
  Response(const Response&) = default;
  Response& operator=(const Response&) = default;

  int status = 0;
  Headers headers;
  std::string body;
};

// How long and how much one request may take. Every limit counts from the start of its own phase.
struct Limits {
  absl::Duration connect = absl::Seconds(5);      // Name, TCP and TLS together.
  absl::Duration first_byte = absl::Seconds(10);  // From the last byte sent to the response's head.
  absl::Duration idle = absl::Seconds(15);        // Between two pieces of a streaming body.
  absl::Duration total = absl::Seconds(30);       // All of it; for Open(), until the head has come.
  size_t body_bytes_max = 1 << 20;
};

// The answer to a request whose body is read piece by piece. Destroying it before the end closes
// its connection at once, which tells the server to stop; after the end the connection is kept.
// Lives on the client's io thread and must not outlive the client.
class BodyStream {
 public:
  virtual ~BodyStream() = default;

  virtual int status() const = 0;
  virtual const Headers& headers() const = 0;

  // The next piece, as it came; std::nullopt at the end.
  //
  //   kUnavailable        unreachable        the connection broke, or the server spoke nonsense
  //   kDeadlineExceeded   deadline_exceeded  nothing came for limits.idle
  //   kResourceExhausted  body_too_large     more than limits.body_bytes_max
  //   kCancelled          cancelled
  virtual Task<absl::StatusOr<std::optional<std::string>>> Next() = 0;
};

struct ClientOptions {
  size_t idle_per_origin_max = 64;                  // Connections kept; more are closed after use.
  absl::Duration idle_timeout = absl::Seconds(50);  // Providers close theirs after about a minute.
  size_t connections_max = 4096;                    // In use, all origins together.
  Reach reach;  // Where it may go; also for a connection that is kept, since it went there.
};

// Lives on one io thread; make one per thread. Plain http is spoken only to http:// addresses, and
// a request with a secret is never sent over it (kFailedPrecondition `insecure_url`), nor to a host
// that the secret is not bound to (`foreign_host`). Redirects are not followed.
class Client {
 public:
  Client(Executor executor, TlsContext tls, ClientOptions options = {});
  ~Client();  // Closes what is idle. Requests must have ended.
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Any status that the server answers is OK here; judging it is the caller's.
  //
  //   kUnavailable        unreachable        no connection, or it broke before the answer was whole
  //   kPermissionDenied   forbidden_address  options.reach does not let it go there
  //   kUnavailable        tls_failed         untrusted certificate, wrong host name, no common
  //   version kUnavailable        too_many_connections kDeadlineExceeded   deadline_exceeded  one
  //   of the limits; unknown whether done kResourceExhausted  body_too_large kCancelled cancelled
  //   the connection is closed at once
  //
  // A kept connection that the server has already closed is replaced by a new one without an error.
  // When it closes it just then, GET, HEAD, PUT and DELETE are repeated once; a POST never is,
  // since it may have been done.
  Task<absl::StatusOr<Response>> Send(const Request& request, const Limits& limits);

  // The same, but returns when the head has come.
  Task<absl::StatusOr<std::unique_ptr<BodyStream>>> Open(const Request& request,
                                                         const Limits& limits);

  // Opens a connection to `url`'s origin and keeps it, so that the next request need not wait for
  // TCP and TLS.
  Task<absl::Status> Warm(const Url& url, const Limits& limits);

  // How many connections were opened since the start, for tests and metrics.
  size_t connections_opened() const;

  struct State;  // Known to client.cc only.

 private:
  std::unique_ptr<State> state_;
};

}  // namespace latchkey::http
