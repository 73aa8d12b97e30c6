// Identity: who is at the other end of a connection, as its certificate says.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace latchkey::rpc {

// spiffe://latchkey/<service> or spiffe://latchkey/<service>/<instance>.
struct Identity {
  std::string service;   // "media"
  std::string instance;  // "m1", or "" for a service whose replicas are all the same

  // "spiffe://latchkey/media/m1": what tickets and sealed leases are bound to.
  std::string SpiffeId() const;
  // "media/m1", for logs.
  std::string Name() const;

  friend bool operator==(const Identity&, const Identity&) = default;
};

// kPermissionDenied `identity_unknown` when `uri` is not such an id or names no service of ours.
absl::StatusOr<Identity> ParseSpiffeId(std::string_view uri);

// Every name that a `callers` option may use: the services, and "ops" for an operator.
std::span<const std::string_view> KnownServices();
bool IsKnownService(std::string_view name);

}  // namespace latchkey::rpc
