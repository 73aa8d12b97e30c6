#include "lib/pg/migrate.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <map>
#include <memory>
#include <utility>

#include "fmt/format.h"
#include "lib/base/check.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/pg/connection.h"

namespace latchkey::pg {
namespace {

// A migration may rewrite a table; nobody waits for an answer meanwhile.
constexpr absl::Duration kStatementTimeout = absl::Minutes(10);

constexpr Statement kLock{"migrate_lock",
                          "SELECT pg_advisory_lock(hashtextextended('latchkey.' || $1::text, 0))"};
constexpr Statement kHasSchema{"migrate_has_schema",
                               "SELECT 1 FROM pg_namespace WHERE nspname = $1"};
constexpr Statement kApplied{
    "migrate_applied",
    "SELECT m.version, m.checksum = encode(sha256(convert_to(s.sql, 'UTF8')), 'hex')"
    "  FROM schema_migrations m, (SELECT $2::text AS sql) s WHERE m.version = $1"};
constexpr Statement kNewest{"migrate_newest",
                            "SELECT coalesce(max(version), 0) FROM schema_migrations"};
constexpr Statement kRecord{"migrate_record",
                            "INSERT INTO schema_migrations (version, name, checksum)"
                            "  VALUES ($1, $2, encode(sha256(convert_to($3, 'UTF8')), 'hex'))"};
constexpr std::string_view kMakeTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations ("
    "  version integer PRIMARY KEY,"
    "  name text NOT NULL,"
    "  checksum text NOT NULL,"
    "  apply_time timestamptz NOT NULL DEFAULT now())";

void CheckSchemaName(std::string_view schema) {
  const bool plain = std::all_of(schema.begin(), schema.end(),
                                 [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  Check(plain && !schema.empty(), "a schema's name is a constant of small letters");
}

Task<absl::Status> MakeSchema(Connection& connection, const std::string& schema) {
  absl::StatusOr<Rows> locked = co_await connection.Run(kLock, Params(schema));
  if (!locked.ok()) co_return locked.status();
  absl::StatusOr<Rows> there = co_await connection.Run(kHasSchema, Params(schema));
  if (!there.ok()) co_return there.status();
  if (there->empty()) {
    // The service's role has the schema's name; what it may do in there, the migrations say.
    const std::string create =
        fmt::format("CREATE SCHEMA {0}; GRANT USAGE ON SCHEMA {0} TO {0}", schema);
    absl::StatusOr<Rows> made = co_await connection.RunScript(create);
    if (!made.ok()) co_return made.status();
  }
  absl::StatusOr<Rows> table = co_await connection.RunScript(kMakeTable);
  co_return table.status();
}

Task<absl::Status> CheckNewest(Connection& connection, size_t known) {
  absl::StatusOr<Rows> newest = co_await connection.Run(kNewest, Params());
  if (!newest.ok()) co_return newest.status();
  if (newest->front().Int(0) <= static_cast<int64_t>(known)) co_return absl::OkStatus();
  co_return Error(absl::StatusCode::kFailedPrecondition, "schema_too_new",
                  "The database was migrated by a younger release. Deploy that release.");
}

Task<absl::Status> Apply(Connection& connection, const Migration& migration) {
  absl::StatusOr<Rows> begun = co_await connection.RunScript("BEGIN");
  if (!begun.ok()) co_return begun.status();
  absl::StatusOr<Rows> applied = co_await connection.RunScript(migration.sql);
  if (!applied.ok()) co_return applied.status();
  absl::StatusOr<Rows> recorded =
      co_await connection.Run(kRecord, Params(migration.version, migration.name, migration.sql));
  if (!recorded.ok()) co_return recorded.status();
  absl::StatusOr<Rows> committed = co_await connection.RunScript("COMMIT");
  co_return committed.status();
}

// True: it was applied now. False: it stands there already, unchanged.
Task<absl::StatusOr<bool>> ApplyOnce(Connection& connection, const Migration& migration) {
  absl::StatusOr<Rows> rows =
      co_await connection.Run(kApplied, Params(migration.version, migration.sql));
  if (!rows.ok()) co_return rows.status();
  if (rows->empty()) {
    absl::Status applied = co_await Apply(connection, migration);
    if (!applied.ok()) co_return applied;
    co_return true;
  }
  if (rows->front().Bool(1)) co_return false;
  co_return Error(absl::StatusCode::kFailedPrecondition, "migration_changed",
                  fmt::format("The migration {} was edited after it had been applied. Restore it, "
                              "and put the change into a new one.",
                              migration.name));
}

Task<void> MigrateInto(Executor executor, MigrateOptions options,
                       std::span<const Migration> migrations, absl::StatusOr<int>& applied) {
  applied = co_await Migrate(std::move(executor), std::move(options), migrations);
}

}  // namespace

Task<absl::StatusOr<int>> Migrate(Executor executor, MigrateOptions options,
                                  std::span<const Migration> migrations) {
  CheckSchemaName(options.schema);
  ConnectOptions connect{options.conninfo, options.schema, absl::Seconds(10), kStatementTimeout};
  absl::StatusOr<std::unique_ptr<Connection>> made =
      co_await Connection::Connect(std::move(executor), std::move(connect));
  if (!made.ok()) co_return made.status();
  Connection& connection = **made;  // Its end releases the lock.

  if (absl::Status schema = co_await MakeSchema(connection, options.schema); !schema.ok()) {
    co_return schema;
  }
  absl::Status newest = co_await CheckNewest(connection, migrations.size());
  if (!newest.ok()) co_return newest;
  int count = 0;
  for (size_t i = 0; i < migrations.size(); ++i) {
    Check(migrations[i].version == static_cast<int>(i) + 1, "migrations count from 1, no gaps");
    absl::StatusOr<bool> applied = co_await ApplyOnce(connection, migrations[i]);
    if (!applied.ok()) co_return applied.status();
    if (*applied) ++count;
  }
  co_return count;
}

int MigrateAndReport(MigrateOptions options, std::span<const Migration> migrations) {
  const std::string schema = options.schema;
  boost::asio::io_context io(1);
  absl::StatusOr<int> applied = absl::UnknownError("the migration did not end");
  Spawn(io.get_executor(), "migrate",
        MigrateInto(io.get_executor(), std::move(options), migrations, applied));
  io.run();
  if (applied.ok()) {
    log::Info("migrated", {{"schema", schema}, {"applied", *applied}});
    return 0;
  }
  log::Error("migration failed", {{"schema", schema}, {"error", applied.status()}});
  fmt::print(stderr, "{}: {}\n", schema, Message(applied.status()));
  return 1;
}

}  // namespace latchkey::pg
