// Migrate: brings a schema to the shape that a service expects.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"

namespace latchkey::pg {

// One file of services/<name>/migrations, "0001_tenants.sql". A released one is never edited.
// latchkey_migrations(<name>) in cmake/migrations.cmake builds them into
// latchkey::<name>_migrations with the header "migrations/<name>.h":
// latchkey::<name>::Migrations().
struct Migration {
  int version = 0;  // From 1, without gaps.
  std::string_view name;
  std::string_view sql;
};

struct MigrateOptions {
  std::string conninfo;  // Of the schema's owner role, which may create schemas in the database.
  std::string schema;
};

// Makes the schema if it is missing, lets the role of the same name use it, and applies, in order
// and each in a transaction of its own, the migrations that its table schema_migrations does not
// name yet. Returns how many. Several at once wait for each other. Each file also grants the
// service's role what it needs.
//
//   kFailedPrecondition schema_too_new     the database knows a version that we do not
//   kFailedPrecondition migration_changed  an applied file was edited
//   and those of Pool::Query
Task<absl::StatusOr<int>> Migrate(Executor executor, MigrateOptions options,
                                  std::span<const Migration> migrations);

// What `<service> --migrate` does in place of serving: migrates on an io context of its own, logs
// the outcome, and returns the exit code (0, or 1 with the reason on standard error).
int MigrateAndReport(MigrateOptions options, std::span<const Migration> migrations);

}  // namespace latchkey::pg
