// Authorizer: who may call what, by the `callers` options; everybody else is refused.
#pragma once

#include <google/protobuf/descriptor.h>

#include <map>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/rpc/call_limit.h"
#include "lib/rpc/identity.h"

namespace latchkey::rpc {

// "/latchkey.keyvault.v1.KeyVault/PutKey" -> {"gateway", "ops"}.
using CallerTable = std::map<std::string, std::set<std::string>, std::less<>>;

// The table of `services`, with health (everybody known) and reflection (ops) added.
// kFailedPrecondition `cannot_start` names every method that has no callers or an unknown one.
absl::StatusOr<CallerTable> MakeCallerTable(
    std::span<const google::protobuf::ServiceDescriptor* const> services);

// OK, or kPermissionDenied. A rule: `spiffe_ids` are the peer_spiffe_id values of a connection.
absl::Status Authorize(const CallerTable& table, std::string_view path,
                       std::span<const std::string> spiffe_ids);

// Runs the rule before the handler of every call, unknown methods included. On gRPC's threads.
class Authorizer {
 public:
  explicit Authorizer(CallerTable table);

  // As Authorize; and kResourceExhausted `rate_limited` for health and reflection, which gRPC
  // answers itself, so that nobody else counts them. A refusal is logged.
  absl::Status Check(std::string_view path, std::span<const std::string> spiffe_ids);

 private:
  const CallerTable table_;
  std::mutex mutex_;          // Of the standard services' calls alone.
  CallLimit standard_calls_;  // By caller, all of them together.
};

}  // namespace latchkey::rpc
