// The operator's prices in the table rate_cards.
#pragma once

#include "lib/pg/pool.h"
#include "services/billing/domain/ports.h"

namespace latchkey::billing {

class PostgresRateCards final : public RateCards {
 public:
  explicit PostgresRateCards(pg::Pool& pool) : pool_(pool) {}

  Task<absl::StatusOr<Rate>> Find(const RateQuery& query) override;

 private:
  pg::Pool& pool_;
};

}  // namespace latchkey::billing
