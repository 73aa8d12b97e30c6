// Tool: what a tenant's agent can do beside speaking.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace latchkey::orchestrator {

inline constexpr absl::Duration kToolTimeout = absl::Seconds(5);

struct Tool {
  std::string name;  // "find_slot"
  std::string description;
  std::string parameters;  // JSON Schema; that it is JSON is seen to at the edge.
  std::string url;         // https
  absl::Duration timeout = kToolTimeout;
  std::string filler;  // Said while it runs; may be empty.

  friend bool operator==(const Tool&, const Tool&) = default;
};

// Whom a call may be transferred to.
struct TransferTarget {
  std::string name;  // "front_desk"
  std::string e164;

  friend bool operator==(const TransferTarget&, const TransferTarget&) = default;
};

// kInvalidArgument `malformed_request`: the message names the field, and the tool's place.
absl::Status Validate(const std::vector<Tool>& tools);
absl::Status Validate(const std::vector<TransferTarget>& targets);

}  // namespace latchkey::orchestrator
