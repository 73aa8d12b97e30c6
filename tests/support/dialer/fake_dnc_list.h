// FakeDncList: do-not-call lists in memory.
#pragma once

#include <set>
#include <utility>

#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

class FakeDncList final : public DncList {
 public:
  Task<absl::Status> Add(const TenantId& tenant, const E164& number) override {
    numbers_.insert({tenant, number});
    co_return absl::OkStatus();
  }
  Task<absl::Status> Remove(const TenantId& tenant, const E164& number) override {
    numbers_.erase({tenant, number});
    co_return absl::OkStatus();
  }
  Task<absl::StatusOr<bool>> Contains(const TenantId& tenant, const E164& number) override {
    co_return numbers_.contains({tenant, number});
  }

 private:
  std::set<std::pair<TenantId, E164>> numbers_;
};

}  // namespace latchkey::dialer
