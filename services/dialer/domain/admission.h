// Admission: may this callee be called by this tenant, now?
#pragma once

#include "absl/status/status.h"
#include "lib/phone/numbering_plan.h"
#include "lib/phone/zones.h"
#include "services/dialer/domain/tenant.h"

namespace latchkey::dialer {

// What is known about the callee.
struct Callee {
  phone::NumberFacts facts;
  bool on_dnc_list = false;
};

//   kInvalidArgument     number_not_callable     no such number can exist
//   kPermissionDenied    emergency_number        never called
//   kPermissionDenied    premium_number          never called
//   kPermissionDenied    country_not_allowed     `country`
//   kPermissionDenied    on_dnc_list
//   kFailedPrecondition  outside_calling_window  `opens`: RFC 3339
absl::Status AdmitCallee(const Tenant& tenant, const Callee& callee, const phone::Zones& zones,
                         absl::Time now);

// Takes away whom the tenant may not have called: a call is transferred to nobody else. Neither the
// calling window nor the DNC list holds for them, since they are the tenant's own people.
void KeepTransferable(const Tenant& tenant, const phone::NumberingPlan& plan,
                      std::vector<TransferTarget>& targets);

// How many calls at a time a tenant may have, and how many the LLM account bears.
struct Ceilings {
  int64_t tenant = 0;
  int64_t llm = 0;  // 0: no such limit.
};

struct LiveCounts {
  int64_t of_tenant = 0;
  int64_t of_llm_scope = 0;
};

//   kResourceExhausted  tenant_concurrency  `ceiling`
absl::Status AdmitOneMore(const Ceilings& ceilings, const LiveCounts& live);

}  // namespace latchkey::dialer
