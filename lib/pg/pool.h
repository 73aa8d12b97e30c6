// Pool: a bounded set of connections to Postgres for the coroutines of one io thread.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "lib/pg/row.h"
#include "lib/pg/statement.h"
#include "lib/pg/transaction.h"

namespace latchkey::pg {

struct PoolOptions {
  std::string conninfo;        // libpq's: "host=/run/postgresql dbname=latchkey user=keyvault"
  std::string schema;          // Where the connections look for tables.
  size_t connections_max = 8;  // Postgres itself allows 100 by default, for all services together.
  size_t waiters_max = 1024;   // Beyond it, a statement is refused at once.
  absl::Duration acquire_timeout = absl::Seconds(5);  // Longest wait for a connection.
  absl::Duration connect_timeout = absl::Seconds(3);
  absl::Duration statement_timeout = absl::Seconds(5);  // Kept by the server, then by us.
};

// Connections are made when they are needed, kept while they work, and looked at before each use,
// so that one that the server closed meanwhile costs nobody a statement. While the server is away,
// one attempt at a time is made, 50 ms to 1 s apart, for as long as somebody waits.
//
// Errors of every statement:
//   kUnavailable        postgres_unavailable   no connection, or it was lost; retry
//   kUnavailable        postgres_busy          no connection came free in time; nothing was done
//   kDeadlineExceeded   postgres_timeout       longer than the statement may take
//   kAborted            transaction_aborted    lost a race (serialization, deadlock); nothing done
//   kAlreadyExists      unique_violation       metadata: constraint
//   kFailedPrecondition foreign_key_violation  metadata: constraint
//   kInvalidArgument    check_violation        metadata: constraint
//   kInvalidArgument    malformed_text         not UTF-8, or with a NUL character
//   kCancelled          cancelled              the awaiting coroutine was
//   kInternal           postgres_error         our bug; metadata: sqlstate
//
// Lives on one io thread. Outlives what awaits it.
class Pool {
 public:
  Pool(Executor executor, PoolOptions options);
  ~Pool();  // Closes the idle connections at once, those in use when they come back.
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // Runs one statement in a transaction of its own.
  Task<absl::StatusOr<Rows>> Query(const Statement& statement, Params params);

  // Begins a transaction (READ COMMITTED).
  Task<absl::StatusOr<Transaction>> Begin();

  // OK when Postgres answers a question now: what readiness asks.
  Task<absl::Status> Ping();

  // Connections that exist now, in use or idle.
  size_t size() const;

  class State;

 private:
  std::shared_ptr<State> state_;  // Shared with the connections in use, which may come back last.
};

}  // namespace latchkey::pg
