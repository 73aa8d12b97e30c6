// Connection: one conversation with Postgres, as coroutines over libpq's non-blocking calls.
// For lib/pg alone; everybody else uses Pool.
#pragma once

#include <libpq-fe.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "lib/pg/row.h"
#include "lib/pg/statement.h"

namespace latchkey::pg {

struct ConnectOptions {
  std::string conninfo;
  std::string schema;
  absl::Duration connect_timeout;
  absl::Duration statement_timeout;
};

// One statement at a time. Lives on one io thread. A statement that is cancelled or takes too long
// leaves the connection unusable, because its answer may still be on the way.
class Connection {
 public:
  // Resolves a host name, if the conninfo has one, on the io thread: libpq has no other way.
  static Task<absl::StatusOr<std::unique_ptr<Connection>>> Connect(Executor executor,
                                                                   ConnectOptions options);
  Connection(const Executor& executor, absl::Duration statement_timeout);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Prepares the statement if this connection has not yet, and runs it. Errors as Pool::Query.
  Task<absl::StatusOr<Rows>> Run(const Statement& statement, const Params& params);

  // Runs constant SQL of ours without parameters; of several statements, the last one's result.
  Task<absl::StatusOr<Rows>> RunScript(std::string_view sql);

  // Returns when the server has told of something on a channel that was LISTENed to; takes all that
  // came. kUnavailable `postgres_unavailable`: the connection is lost.
  Task<absl::Status> AwaitNotification();

  // False when a statement was not brought to its end, or the server has gone.
  bool usable() const;
  // The same, after a look at the socket, without waiting: for a connection that was idle.
  bool StillThere();

 private:
  // What a statement does with the wire: starts it, and collects what comes back.
  Task<absl::StatusOr<Rows>> RunPrepared(const Statement& statement, const Params& params);
  Task<absl::StatusOr<Rows>> Send(std::string_view sql);
  Task<absl::StatusOr<Rows>> Collect(std::string_view what);
  Task<absl::Status> Prepare(const Statement& statement);
  Task<absl::StatusOr<Rows>> Bounded(Task<absl::StatusOr<Rows>> exchange);
  Task<absl::Status> Flush();
  Task<absl::Status> Handshake(ConnectOptions options);
  Task<absl::Status> WaitFor(boost::asio::posix::stream_descriptor::wait_type what);

  struct Finish {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  std::unique_ptr<PGconn, Finish> connection_;
  // Watches libpq's socket, which libpq closes: released, never closed, by us.
  boost::asio::posix::stream_descriptor socket_;
  absl::Duration statement_timeout_;
  std::map<std::string_view, std::string_view> prepared_;  // Name to SQL.
  bool running_ = false;                                   // A statement is awaited now.
  bool busy_ = false;  // A statement was not brought to its end: running, cancelled, or lost.
};

}  // namespace latchkey::pg
