#include "services/dialer/domain/line_admission.h"

#include <utility>

namespace latchkey::dialer {

Task<absl::StatusOr<Admitted>> LineAdmission::Admit(const Line& line) {
  absl::StatusOr<std::vector<KeyFacts>> keys = co_await ListKeys(line);
  if (!keys.ok()) co_return keys.status();
  absl::StatusOr<ResolvedKeys> resolved = ResolveKeys(line, *keys);
  if (!resolved.ok()) co_return resolved.status();
  Admitted admitted;
  admitted.line = line;
  KeepTransferable(line.tenant, plan_, admitted.line.number.agent.transfer_targets);
  admitted.keys = *std::move(resolved);
  absl::StatusOr<Rate> rate = co_await pricing_.Authorize(line.tenant, admitted.keys.mode);
  if (!rate.ok()) co_return rate.status();
  admitted.rate = *std::move(rate);
  co_return admitted;
}

Task<absl::StatusOr<std::vector<KeyFacts>>> LineAdmission::ListKeys(const Line& line) {
  absl::StatusOr<std::vector<KeyFacts>> keys = co_await keys_.ListKeys(line.tenant.id);
  if (!keys.ok()) co_return keys.status();
  if (!line.tenant.byok || line.number.platform_owned) {
    const TenantId owner = PlatformTenant();
    absl::StatusOr<std::vector<KeyFacts>> platform = co_await keys_.ListKeys(owner);
    if (!platform.ok()) co_return platform.status();
    keys->insert(keys->end(), platform->begin(), platform->end());
  }
  co_return keys;
}

Call CallOn(const Line& line) {
  Call call;
  call.tenant = line.tenant.id;
  call.number = line.number.id;
  call.carrier = line.number.carrier;
  call.carrier_scope = CarrierScope(line);
  return call;
}

void Fix(const Admitted& admitted, Call& call) {
  call.llm_scope = admitted.keys.llm_scope;
  call.mode = admitted.keys.mode;
  call.rate = admitted.rate;
}

}  // namespace latchkey::dialer
