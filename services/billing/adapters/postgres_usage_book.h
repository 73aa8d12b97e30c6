// The books in the table usage_events.
#pragma once

#include "lib/pg/pool.h"
#include "services/billing/domain/ports.h"

namespace latchkey::billing {

class PostgresUsageBook final : public UsageBook {
 public:
  explicit PostgresUsageBook(pg::Pool& pool) : pool_(pool) {}

  Task<absl::StatusOr<UsageEvent>> Record(const UsageEvent& event) override;
  Task<absl::StatusOr<std::vector<UsageEvent>>> List(const UsageFilter& filter,
                                                     std::optional<UsageCursor> after,
                                                     int limit) override;
  Task<absl::StatusOr<UsageTotals>> Total(const UsageFilter& filter) override;

 private:
  pg::Pool& pool_;
};

}  // namespace latchkey::billing
