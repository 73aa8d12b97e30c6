// Url: an absolute address of a server and what is asked of it; Target: what a request line asks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/http/form.h"

namespace latchkey::http {

// An object that exists is valid: scheme http, https, ws or wss, a host, no user info, no fragment.
class Url {
 public:
  // kInvalidArgument `malformed_url`.
  static absl::StatusOr<Url> Parse(std::string_view text);

  const std::string& scheme() const { return scheme_; }
  // Without brackets, in lower case.
  const std::string& host() const { return host_; }
  // The default of the scheme when the text names none.
  uint16_t port() const { return port_; }
  // Path and query, never empty: "/v1/listen?model=nova-3".
  const std::string& target() const { return target_; }

  bool secure() const { return scheme_ == "https" || scheme_ == "wss"; }
  // "host" or "host:port", as the Host header wants it.
  std::string Authority() const;
  // "https://host:port", the key of a pool of connections. ws counts as http, wss as https.
  std::string Origin() const;
  std::string Text() const;

  // This address with `path` appended to its path ("https://h/base" + "/v1/x" =
  // "https://h/base/v1/x"), and `query` if it is not empty. `path` starts with '/' and is already
  // escaped where it must be.
  Url At(std::string_view path, const Form& query = {}) const;
  // The same address with the scheme of a websocket.
  Url AsWebsocket() const;

  friend bool operator==(const Url&, const Url&) = default;

 private:
  Url() = default;
  std::string scheme_, host_, target_;
  uint16_t port_ = 0;
};

// The target of a request that a server was sent.
struct Target {
  std::string path;                   // As sent: "/v1/calls/call_1"
  std::vector<std::string> segments;  // Unescaped: {"v1", "calls", "call_1"}
  Form query;
};

// kInvalidArgument `malformed_target`: not "/…", a bad escape, or "." and ".." segments.
absl::StatusOr<Target> ParseTarget(std::string_view text);

}  // namespace latchkey::http
