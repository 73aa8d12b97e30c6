// FakeNumberStore: numbers in memory.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "services/orchestrator/domain/reasons.h"
#include "tests/support/orchestrator/fake_tenant_store.h"

namespace latchkey::orchestrator {

class FakeNumberStore final : public NumberStore {
 public:
  explicit FakeNumberStore(const FakeTenantStore& tenants) : tenants_(tenants) {}

  Task<absl::StatusOr<Number>> Create(const Number& number,
                                      const std::string& request_id) override {
    if (!tenants_.Has(number.tenant)) co_return TenantNotFound();
    const auto request = std::make_pair(number.tenant.text(), request_id);
    if (const auto known = requests_.find(request); known != requests_.end()) {
      co_return *Place(number.tenant, known->second);
    }
    for (const Number& other : numbers_) {
      if (other.e164 != number.e164) continue;
      co_return Error(absl::StatusCode::kAlreadyExists, reasons::kNumberTaken, "Taken.");
    }
    requests_.emplace(request, number.id);
    numbers_.push_back(number);
    std::sort(numbers_.begin(), numbers_.end(), [](const Number& a, const Number& b) {
      return std::tie(a.create_time, a.id) < std::tie(b.create_time, b.id);
    });
    co_return number;
  }

  Task<absl::StatusOr<Number>> Find(const TenantId& tenant, const NumberId& number) override {
    Number* found = Place(tenant, number);
    if (found == nullptr) co_return NumberNotFound();
    co_return *found;
  }

  Task<absl::StatusOr<Number>> FindByE164(const E164& e164) override {
    for (const Number& number : numbers_) {
      if (number.e164 == e164.text()) co_return number;
    }
    co_return NumberNotFound();
  }

  Task<absl::StatusOr<Number>> ReplaceAgent(const TenantId& tenant, const NumberId& number,
                                            const Agent& agent) override {
    Number* found = Place(tenant, number);
    if (found == nullptr) co_return NumberNotFound();
    found->agent = agent;
    co_return *found;
  }

  Task<absl::StatusOr<std::vector<Number>>> List(const TenantId& tenant,
                                                 const std::optional<NumberId>& after,
                                                 int limit) override {
    std::vector<Number> page;
    bool past = !after.has_value();
    for (const Number& number : numbers_) {
      if (number.tenant != tenant) continue;
      if (past && page.size() < static_cast<size_t>(limit)) page.push_back(number);
      if (after.has_value() && number.id == *after) past = true;
    }
    co_return page;
  }

 private:
  Number* Place(const TenantId& tenant, const NumberId& id) {
    for (Number& number : numbers_) {
      if (number.tenant == tenant && number.id == id) return &number;
    }
    return nullptr;
  }

  const FakeTenantStore& tenants_;
  std::vector<Number> numbers_;  // By age.
  std::map<std::pair<std::string, std::string>, NumberId> requests_;
};

}  // namespace latchkey::orchestrator
