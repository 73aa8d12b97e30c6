#include "services/dialer/domain/configure_number.h"

#include "lib/base/error.h"
#include "services/dialer/domain/reasons.h"

namespace latchkey::dialer {

Task<absl::Status> ConfigureNumber::Configure(const TenantId& tenant, const NumberId& number) {
  absl::StatusOr<Line> line = co_await directory_.FindLine(tenant, number);
  if (!line.ok()) co_return line.status();
  absl::StatusOr<std::vector<KeyFacts>> keys = co_await admission_.ListKeys(*line);
  if (!keys.ok()) co_return keys.status();
  const absl::StatusOr<KeyScope> scope = ResolveCarrierKey(*line, *keys);
  if (!scope.ok()) co_return scope.status();
  absl::StatusOr<std::vector<MediaInstance>> fleet = co_await fleet_.List();
  if (!fleet.ok()) co_return fleet.status();
  // It takes no room for a call.
  const std::optional<MediaInstance> instance = ChooseAny(*fleet, clock_.Now());
  if (!instance.has_value()) {
    co_return Error(absl::StatusCode::kResourceExhausted, reasons::kFleetFull,
                    "No media instance is alive that could tell the carrier. Try again in a few "
                    "seconds.");
  }
  Call setup = CallOn(*line);
  setup.id = CallId::Make(random_);
  setup.to = line->number.e164;
  const SignedTicket ticket =
      signer_.Sign(SetupTicket(setup, instance->name, clock_.Now(), random_));
  co_return co_await media_.Configure(*instance, setup, ticket);
}

}  // namespace latchkey::dialer
