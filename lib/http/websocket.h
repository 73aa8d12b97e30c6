// Websocket: one connection of messages (RFC 6455), whichever side opened it.
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
#include "lib/http/headers.h"
#include "lib/http/secret_header.h"
#include "lib/http/tls.h"
#include "lib/http/url.h"

namespace latchkey::http {

// Lies in the websocket's own buffer: valid until its next Read.
struct Message {
  bool text = false;  // Else binary.
  std::string_view data;
};

struct WebsocketLimits {
  absl::Duration connect = absl::Seconds(5);  // Name, TCP, TLS and upgrade together.
  // Nothing from the other side for this long, pings sent at half of it included: it is gone.
  absl::Duration idle = absl::Seconds(60);
  absl::Duration write = absl::Seconds(10);  // One message, when the other side does not read.
  size_t message_bytes_max = 256 * 1024;
};

// Lives on one io thread. One Read and one Write at a time, side by side. Pings are answered by
// Read, so keep one pending. Destroying it closes the connection without a word. It must not be
// destroyed during a Read, Write or Close: Abort(), join, destroy.
class Websocket {
 public:
  virtual ~Websocket() = default;

  // The next message, whole.
  //
  //   kUnavailable        closed             a close frame came; metadata: close_code, close_reason
  //   kUnavailable        unreachable        the connection broke without one
  //   kDeadlineExceeded   deadline_exceeded  limits.idle
  //   kResourceExhausted  message_too_large  the connection is closed with 1009
  //   kCancelled          cancelled          the connection is no longer usable
  virtual Task<absl::StatusOr<Message>> Read() = 0;

  // Returns when the message is in the kernel's hands. The data must live until then. Errors as in
  // Read(), and kDeadlineExceeded after limits.write.
  virtual Task<absl::Status> WriteText(std::string_view data) = 0;
  virtual Task<absl::Status> WriteBinary(std::string_view data) = 0;

  // Puts bytes below the frames, as a peer that breaks the protocol does; only Abort() is of use
  // after it. For stand-ins and tests.
  virtual Task<absl::Status> WriteRaw(std::string_view bytes) = 0;

  // Returns when the connection has ended, which a pending Read notices, or when this coroutine is
  // cancelled.
  virtual Task<void> Disconnected() = 0;

  // Sends a close frame and waits shortly for the other side's. No Write may be under way; a Read
  // may, and fails with `closed`. `reason` is at most 123 bytes.
  virtual Task<void> Close(uint16_t code, std::string_view reason) = 0;

  // Drops the connection at once; a pending Read or Write fails with `unreachable`.
  virtual void Abort() = 0;
};

// Connects and upgrades. `headers` are added to the request (Sec-WebSocket-Protocol too). `url` is
// ws or wss; a secret goes over wss only (kFailedPrecondition `insecure_url`), and only to hosts
// that it is bound to (`foreign_host`).
//
//   kUnavailable       unreachable, tls_failed  as for http::Client
//   kUnavailable       upgrade_refused          the server answered something else than 101;
//                                               metadata: http_status, http_body (its first 1 KiB)
//   kDeadlineExceeded  deadline_exceeded        limits.connect
//   kCancelled         cancelled
Task<absl::StatusOr<std::unique_ptr<Websocket>>> ConnectWebsocket(
    const TlsContext& tls, const Url& url, const Headers& headers,
    const std::optional<SecretHeader>& secret, const WebsocketLimits& limits);

}  // namespace latchkey::http
