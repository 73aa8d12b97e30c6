// ProbeBudget: how often a tenant's candidates are probed, so that nobody tries out stolen keys
// with us.
#pragma once

#include "absl/status/status.h"
#include "lib/base/id.h"
#include "lib/base/task.h"

namespace latchkey::keyvault {

class ProbeBudget {
 public:
  virtual ~ProbeBudget() = default;

  // OK, and counted: one more probe for this tenant. Errors are Postgres' (lib/pg/pool.h), and
  //   kResourceExhausted  probe_limit  metadata `retry_after_seconds`
  virtual Task<absl::Status> Take(const TenantId& tenant) = 0;
};

}  // namespace latchkey::keyvault
