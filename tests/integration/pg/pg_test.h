// PgTest: a pool on a fresh database of the service "sample", with one table.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "lib/pg/migrate.h"
#include "lib/pg/outbox.h"
#include "lib/pg/pool.h"
#include "tests/support/await.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/status_matchers.h"

namespace latchkey::pg {

inline constexpr Migration kSampleMigrations[] = {
    {1, "0001_samples.sql",
     "CREATE TABLE samples (id text PRIMARY KEY, amount bigint CHECK (amount >= 0),"
     "  live boolean, body bytea, made timestamptz, tags text[]);"
     "GRANT USAGE ON SCHEMA sample TO sample;"
     "GRANT SELECT, INSERT, UPDATE, DELETE ON samples TO sample;"},
    {2, "0002_outbox.sql",
     "CREATE TABLE outbox ("
     "  message_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, topic text NOT NULL,"
     "  key text NOT NULL, payload bytea NOT NULL, attempts integer NOT NULL DEFAULT 0,"
     "  next_attempt_time timestamptz NOT NULL DEFAULT now(),"
     "  last_error text NOT NULL DEFAULT '', create_time timestamptz NOT NULL DEFAULT now(),"
     "  UNIQUE (topic, key));"
     "CREATE INDEX outbox_due ON outbox (next_attempt_time);"
     "GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO sample;"},
};

inline constexpr Statement kInsert{"sample_insert",
                                   "INSERT INTO samples (id, amount) VALUES ($1, $2)"};
inline constexpr Statement kCount{"sample_count", "SELECT count(*) FROM samples"};
inline constexpr Statement kBackend{"sample_backend", "SELECT pg_backend_pid()"};
inline constexpr Statement kNap{"sample_nap",
                                "SELECT pg_sleep($1::bigint * 0.001), pg_backend_pid()"};

class PgTest : public ::testing::Test {
 protected:
  PgTest() {
    absl::StatusOr<int> applied = Await(io_, MigrateSamples());
    EXPECT_THAT(applied, IsOkAndHolds(2));
  }

  Task<absl::StatusOr<int>> MigrateSamples() {
    return Migrate(io_.get_executor(), {database_.owner, "sample"}, kSampleMigrations);
  }

  PoolOptions Options() {
    PoolOptions options;
    options.conninfo = database_.service;
    options.schema = "sample";
    return options;
  }

  void MakePool(PoolOptions options) {
    pool_ = std::make_unique<Pool>(io_.get_executor(), std::move(options));
  }

  int64_t Count() {
    absl::StatusOr<Rows> rows = Await(io_, pool_->Query(kCount, Params()));
    EXPECT_THAT(rows, IsOk());
    return rows.ok() ? rows->front().Int(0) : -1;
  }

  int64_t Backend() {
    absl::StatusOr<Rows> rows = Await(io_, pool_->Query(kBackend, Params()));
    EXPECT_THAT(rows, IsOk());
    return rows.ok() ? rows->front().Int(0) : -1;
  }

  // Ends every connection of the service, as an operator or a failover would.
  void CutConnections() {
    cluster_.Run(database_.superuser,
                 "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                 "  WHERE usename = 'sample'");
  }

  PostgresCluster& cluster_ = PostgresCluster::Shared();
  TestDatabase database_ = cluster_.MakeDatabase("sample");
  boost::asio::io_context io_{1};
  std::unique_ptr<Pool> pool_;
};

}  // namespace latchkey::pg
