#include "lib/pg/connection.h"

#include <poll.h>

#include <array>
#include <boost/asio/redirect_error.hpp>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "lib/base/check.h"
#include "lib/base/deadline.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/pg/sql_error.h"

namespace latchkey::pg {

namespace asio = boost::asio;
using Descriptor = asio::posix::stream_descriptor;

namespace {

// How much longer than the server we wait for the server's own time-out to arrive.
constexpr absl::Duration kPatience = absl::Seconds(1);

absl::Status TimeoutError() {
  return Error(absl::StatusCode::kDeadlineExceeded, "postgres_timeout",
               "The database took too long. Try again with the same request id.");
}

bool IsDeadline(const absl::Status& status) { return Reason(status) == "deadline_exceeded"; }

PGconn* StartConnect(const ConnectOptions& options) {
  // Dates in one form whatever the server's configuration; plans of prepared statements as usual.
  const std::string session =
      fmt::format("-c statement_timeout={} -c search_path={} -c timezone=UTC -c datestyle=ISO",
                  absl::ToInt64Milliseconds(options.statement_timeout),
                  options.schema.empty() ? "public" : options.schema);
  const std::array<const char*, 4> names = {"dbname", "options", "client_encoding", nullptr};
  const std::array<const char*, 4> values = {options.conninfo.c_str(), session.c_str(), "UTF8",
                                             nullptr};
  return PQconnectStartParams(names.data(), values.data(), 1);
}

// The server's notices go nowhere: libpq would print them on standard error.
void DropNotice(void*, const PGresult*) {}

}  // namespace

Connection::Connection(const Executor& executor, absl::Duration statement_timeout)
    : socket_(executor), statement_timeout_(statement_timeout) {}

Connection::~Connection() {
  if (socket_.is_open()) socket_.release();
}

Task<absl::StatusOr<std::unique_ptr<Connection>>> Connection::Connect(Executor executor,
                                                                      ConnectOptions options) {
  auto connection = std::make_unique<Connection>(executor, options.statement_timeout);
  const absl::Duration limit = options.connect_timeout;
  absl::Status shaken = co_await WithDeadline(connection->Handshake(std::move(options)), limit);
  if (shaken.ok()) co_return std::move(connection);
  co_return IsDeadline(shaken) ? UnavailableError() : shaken;
}

Task<absl::Status> Connection::Handshake(ConnectOptions options) {
  busy_ = true;
  connection_.reset(StartConnect(options));
  Check(connection_ != nullptr, "libpq is out of memory");
  PQsetNoticeReceiver(connection_.get(), DropNotice, nullptr);
  PostgresPollingStatusType next =
      PQstatus(connection_.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
    // libpq may have changed its socket in the last step, so it is watched anew for each.
    boost::system::error_code failed;
    socket_.assign(PQsocket(connection_.get()), failed);
    if (failed) co_return UnavailableError();
    const Descriptor::wait_type direction =
        next == PGRES_POLLING_READING ? Descriptor::wait_read : Descriptor::wait_write;
    absl::Status ready = co_await WaitFor(direction);
    socket_.release();
    if (!ready.ok()) co_return ready;
    next = PQconnectPoll(connection_.get());
  }
  if (next != PGRES_POLLING_OK) {
    log::Warn("postgres refused a connection", {{"message", PQerrorMessage(connection_.get())}});
    co_return UnavailableError();
  }
  PQsetnonblocking(connection_.get(), 1);
  socket_.assign(PQsocket(connection_.get()));
  busy_ = false;
  co_return absl::OkStatus();
}

bool Connection::usable() const {
  return !busy_ && connection_ != nullptr && PQstatus(connection_.get()) == CONNECTION_OK;
}

bool Connection::StillThere() {
  if (!usable()) return false;
  pollfd look = {PQsocket(connection_.get()), POLLIN, 0};
  // What comes unasked is nearly always the server's farewell.
  return poll(&look, 1, 0) == 0;
}

Task<absl::StatusOr<Rows>> Connection::Run(const Statement& statement, const Params& params) {
  if (!params.valid()) {
    co_return Error(absl::StatusCode::kInvalidArgument, "malformed_text",
                    "A text has a NUL character in it. Send it without.");
  }
  co_return co_await Bounded(RunPrepared(statement, params));
}

Task<absl::StatusOr<Rows>> Connection::RunScript(std::string_view sql) {
  co_return co_await Bounded(Send(sql));
}

Task<absl::Status> Connection::AwaitNotification() {
  Check(!running_, "nothing else runs on a connection that listens");
  if (!usable()) co_return UnavailableError();
  bool told = false;
  while (!told) {
    if (PQconsumeInput(connection_.get()) == 0) co_return UnavailableError();
    while (PGnotify* notification = PQnotifies(connection_.get())) {
      PQfreemem(notification);
      told = true;
    }
    if (told) break;
    if (absl::Status ready = co_await WaitFor(Descriptor::wait_read); !ready.ok()) co_return ready;
  }
  co_return absl::OkStatus();
}

Task<absl::StatusOr<Rows>> Connection::Bounded(Task<absl::StatusOr<Rows>> exchange) {
  Check(!running_, "one statement at a time on a connection");
  if (!usable()) co_return UnavailableError();
  running_ = true;
  busy_ = true;
  absl::StatusOr<Rows> rows =
      co_await WithDeadline(std::move(exchange), statement_timeout_ + kPatience);
  running_ = false;
  if (!rows.ok() && IsDeadline(rows.status())) co_return TimeoutError();
  co_return rows;
}

Task<absl::StatusOr<Rows>> Connection::RunPrepared(const Statement& statement,
                                                   const Params& params) {
  if (absl::Status prepared = co_await Prepare(statement); !prepared.ok()) co_return prepared;

  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
  for (const Params::Value& value : params.values()) {
    values.push_back(value.text.has_value() ? value.text->data() : nullptr);
    lengths.push_back(value.text.has_value() ? static_cast<int>(value.text->size()) : 0);
    formats.push_back(value.binary ? 1 : 0);
  }
  const std::string name(statement.name);
  if (PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()),
                          values.data(), lengths.data(), formats.data(), 1) == 0) {
    co_return UnavailableError();
  }
  co_return co_await Collect(statement.name);
}

Task<absl::Status> Connection::Prepare(const Statement& statement) {
  const auto known = prepared_.find(statement.name);
  if (known != prepared_.end()) {
    Check(known->second == statement.sql, "two statements have the same name");
    co_return absl::OkStatus();
  }
  const std::string name(statement.name);
  const std::string sql(statement.sql);
  if (PQsendPrepare(connection_.get(), name.c_str(), sql.c_str(), 0, nullptr) == 0) {
    co_return UnavailableError();
  }
  absl::StatusOr<Rows> rows = co_await Collect(statement.name);
  if (!rows.ok()) co_return rows.status();
  prepared_.emplace(statement.name, statement.sql);
  busy_ = true;  // Collect has ended one exchange; the statement itself follows.
  co_return absl::OkStatus();
}

Task<absl::StatusOr<Rows>> Connection::Send(std::string_view sql) {
  if (PQsendQuery(connection_.get(), std::string(sql).c_str()) == 0) co_return UnavailableError();
  co_return co_await Collect("script");
}

Task<absl::StatusOr<Rows>> Connection::Collect(std::string_view what) {
  if (absl::Status flushed = co_await Flush(); !flushed.ok()) co_return flushed;

  absl::StatusOr<Rows> outcome = UnavailableError();
  bool failed = false;
  while (true) {
    while (PQisBusy(connection_.get()) == 1) {
      if (absl::Status ready = co_await WaitFor(Descriptor::wait_read); !ready.ok()) {
        co_return ready;
      }
      if (PQconsumeInput(connection_.get()) == 0) co_return UnavailableError();
    }
    PGresult* result = PQgetResult(connection_.get());
    if (result == nullptr) break;
    Rows rows(result);
    if (failed) continue;  // The first error is the one that explains.
    absl::Status status = StatusOf(result, what);
    failed = !status.ok();
    if (failed) {
      outcome = std::move(status);
    } else {
      outcome = std::move(rows);
    }
  }
  busy_ = false;
  co_return outcome;
}

Task<absl::Status> Connection::Flush() {
  while (true) {
    const int left = PQflush(connection_.get());
    if (left == 0) co_return absl::OkStatus();
    if (left < 0) co_return UnavailableError();
    if (absl::Status ready = co_await WaitFor(Descriptor::wait_write); !ready.ok()) {
      co_return ready;
    }
  }
}

Task<absl::Status> Connection::WaitFor(Descriptor::wait_type what) {
  boost::system::error_code failed;
  co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable, failed));
  if (failed == asio::error::operation_aborted) {
    co_return Error(absl::StatusCode::kCancelled, "cancelled", "The request was cancelled.");
  }
  if (failed) co_return UnavailableError();
  co_return absl::OkStatus();
}

}  // namespace latchkey::pg
