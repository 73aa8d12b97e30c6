// BillingDatabase: a fresh, migrated database of billing's, and a pool of its role.
#pragma once

#include <boost/asio/io_context.hpp>

#include "lib/base/check.h"
#include "lib/pg/migrate.h"
#include "lib/pg/pool.h"
#include "migrations/billing.h"
#include "tests/support/await.h"
#include "tests/support/postgres_cluster.h"

namespace latchkey::billing {

class BillingDatabase {
 public:
  explicit BillingDatabase(boost::asio::io_context& io)
      : database_(PostgresCluster::Shared().MakeDatabase("billing")),
        pool_(io.get_executor(),
              pg::PoolOptions{.conninfo = database_.service, .schema = "billing"}) {
    const pg::MigrateOptions options{.conninfo = database_.owner, .schema = "billing"};
    const auto migrated = Await(io, pg::Migrate(io.get_executor(), options, Migrations()));
    Check(migrated.ok(), "billing's migrations apply to an empty database");
  }

  pg::Pool& pool() { return pool_; }
  const TestDatabase& database() const { return database_; }

 private:
  TestDatabase database_;
  pg::Pool pool_;
};

}  // namespace latchkey::billing
