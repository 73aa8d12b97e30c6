// What billing is made of.
#pragma once

#include "lib/base/config.h"
#include "lib/pg/pool.h"
#include "lib/rpc/host.h"
#include "services/billing/adapters/grpc_service.h"
#include "services/billing/adapters/postgres_rate_cards.h"
#include "services/billing/adapters/postgres_usage_book.h"
#include "services/billing/domain/metering.h"

namespace latchkey::billing {

class Service {
 public:
  Service(const Config& config, rpc::Host& host);

 private:
  pg::Pool pool_;
  PostgresRateCards cards_{pool_};
  PostgresUsageBook book_{pool_};
  Metering metering_{cards_, book_};
  GrpcService grpc_{metering_};
};

}  // namespace latchkey::billing
