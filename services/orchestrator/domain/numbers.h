// Numbers: makes tenants' numbers, changes their agents, and finds one for a call.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/base/task.h"
#include "services/orchestrator/domain/ports.h"

namespace latchkey::orchestrator {

struct NewNumber {
  std::string request_id;
  TenantId tenant;
  std::string e164;  // As it came.
  Provider carrier = Provider::kTwilio;
  bool platform_owned = false;
  Agent agent;
};

struct NumberPage {
  std::vector<Number> numbers;
  std::optional<NumberId> next;  // Where the next page goes on; nothing on the last one.
};

// A number with everything that admission needs to know of its tenant.
struct NumberAndTenant {
  Number number;
  Tenant tenant;
};

// The ports outlive it. Lives on one io thread. Errors as the proto lists them.
class Numbers {
 public:
  Numbers(NumberStore& numbers, TenantStore& tenants, const Clock& clock, Random& random);

  Task<absl::StatusOr<Number>> Create(const NewNumber& wanted);
  Task<absl::StatusOr<Number>> ReplaceAgent(const TenantId& tenant, const NumberId& number,
                                            const Agent& agent);
  Task<absl::StatusOr<NumberPage>> List(const TenantId& tenant,
                                        const std::optional<NumberId>& after, int limit);
  Task<absl::StatusOr<NumberAndTenant>> Find(const TenantId& tenant, const NumberId& number);
  // The one that is called by this number, whoever's it is. `e164` as it came.
  Task<absl::StatusOr<NumberAndTenant>> FindByE164(const std::string& e164);

 private:
  NumberStore& numbers_;
  TenantStore& tenants_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace latchkey::orchestrator
