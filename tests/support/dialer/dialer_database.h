// DialerDatabase: a fresh, migrated database of dialer's, and a pool of its role.
#pragma once

#include <boost/asio/io_context.hpp>

#include "lib/base/check.h"
#include "lib/pg/migrate.h"
#include "lib/pg/pool.h"
#include "migrations/dialer.h"
#include "tests/support/await.h"
#include "tests/support/postgres_cluster.h"

namespace latchkey::dialer {

class DialerDatabase {
 public:
  explicit DialerDatabase(boost::asio::io_context& io)
      : database_(PostgresCluster::Shared().MakeDatabase("dialer")),
        pool_(io.get_executor(),
              pg::PoolOptions{.conninfo = database_.service, .schema = "dialer"}) {
    const pg::MigrateOptions options{.conninfo = database_.owner, .schema = "dialer"};
    const auto migrated = Await(io, pg::Migrate(io.get_executor(), options, Migrations()));
    Check(migrated.ok(), "dialer's migrations apply to an empty database");
  }

  pg::Pool& pool() { return pool_; }
  const TestDatabase& database() const { return database_; }

  // The first column of the first row, as superuser.
  std::string Look(const std::string& sql) {
    return PostgresCluster::Shared().Run(database_.superuser, sql);
  }

 private:
  TestDatabase database_;
  pg::Pool pool_;
};

}  // namespace latchkey::dialer
