#include "services/orchestrator/domain/numbers.h"

#include <utility>

#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {

Numbers::Numbers(NumberStore& numbers, TenantStore& tenants, const Clock& clock, Random& random)
    : numbers_(numbers), tenants_(tenants), clock_(clock), random_(random) {}

Task<absl::StatusOr<Number>> Numbers::Create(const NewNumber& wanted) {
  if (absl::Status id = ValidateRequestId(wanted.request_id); !id.ok()) co_return id;
  absl::StatusOr<E164> e164 = E164::Parse(wanted.e164);
  if (!e164.ok()) co_return e164.status();
  Number number;
  number.id = NumberId::Make(random_);
  number.tenant = wanted.tenant;
  number.e164 = e164->text();
  number.carrier = wanted.carrier;
  number.platform_owned = wanted.platform_owned;
  number.agent = wanted.agent;
  number.create_time = clock_.Now();
  if (absl::Status valid = Validate(number); !valid.ok()) co_return valid;
  co_return co_await numbers_.Create(number, wanted.request_id);
}

Task<absl::StatusOr<Number>> Numbers::ReplaceAgent(const TenantId& tenant, const NumberId& number,
                                                   const Agent& agent) {
  if (absl::Status valid = Validate(agent); !valid.ok()) co_return valid;
  co_return co_await numbers_.ReplaceAgent(tenant, number, agent);
}

Task<absl::StatusOr<NumberPage>> Numbers::List(const TenantId& tenant,
                                               const std::optional<NumberId>& after, int limit) {
  // One more than asked for tells whether there is a next page.
  absl::StatusOr<std::vector<Number>> found = co_await numbers_.List(tenant, after, limit + 1);
  if (!found.ok()) co_return found.status();
  NumberPage page;
  page.numbers = *std::move(found);
  if (page.numbers.size() > static_cast<size_t>(limit)) {
    page.numbers.pop_back();
    page.next = page.numbers.back().id;
  }
  co_return page;
}

Task<absl::StatusOr<NumberAndTenant>> Numbers::Find(const TenantId& tenant,
                                                    const NumberId& number) {
  absl::StatusOr<Tenant> owner = co_await tenants_.Find(tenant);
  if (!owner.ok()) co_return owner.status();
  absl::StatusOr<Number> found = co_await numbers_.Find(tenant, number);
  if (!found.ok()) co_return found.status();
  co_return NumberAndTenant{*std::move(found), *std::move(owner)};
}

Task<absl::StatusOr<NumberAndTenant>> Numbers::FindByE164(const std::string& e164) {
  absl::StatusOr<E164> parsed = E164::Parse(e164);
  if (!parsed.ok()) co_return parsed.status();
  absl::StatusOr<Number> found = co_await numbers_.FindByE164(*parsed);
  if (!found.ok()) co_return found.status();
  absl::StatusOr<Tenant> owner = co_await tenants_.Find(found->tenant);
  if (!owner.ok()) co_return owner.status();
  co_return NumberAndTenant{*std::move(found), *std::move(owner)};
}

}  // namespace latchkey::orchestrator
