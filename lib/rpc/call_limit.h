// CallLimit: how much of one method each caller may use, as the method's `limit` option says.
#pragma once

#include <google/protobuf/descriptor.h>

#include <cstddef>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace latchkey::rpc {

struct LimitFigures {
  int concurrent = 0;
  int per_minute = 0;
};

// What `method` declares. kFailedPrecondition `cannot_start`: nothing, or figures below 1.
absl::StatusOr<LimitFigures> LimitOf(const google::protobuf::MethodDescriptor& method);

// A rule. Callers are verified identities, so there are few; those who have been away for a minute
// are forgotten, and a crowd beyond any fleet is refused.
class CallLimit {
 public:
  explicit CallLimit(LimitFigures figures) : figures_(figures) {}

  // OK, and the call counts until Leave().
  //   kResourceExhausted  rate_limited  metadata `retry_after_seconds`
  absl::Status Admit(const std::string& caller, absl::Time now);
  // An admitted call has ended.
  void Leave(const std::string& caller);

 private:
  struct Use {
    int running = 0;
    double calls_left = 0;  // Of the minute; a fraction while it refills.
    absl::Time refilled;
  };
  void Forget(absl::Time now);

  const LimitFigures figures_;
  std::map<std::string, Use> uses_;
};

}  // namespace latchkey::rpc
