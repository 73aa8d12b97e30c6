#include "tests/support/postgres_session.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include "lib/base/check.h"

namespace latchkey {

namespace {

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

bool Done(const Result& result) {
  const ExecStatusType status = PQresultStatus(result.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

}  // namespace

void PostgresSession::Finish::operator()(pg_conn* connection) const { PQfinish(connection); }

PostgresSession::PostgresSession(const std::string& conninfo)
    : connection_(PQconnectdb(conninfo.c_str())) {
  Check(PQstatus(connection_.get()) == CONNECTION_OK, PQerrorMessage(connection_.get()));
}

std::string PostgresSession::Do(const std::string& sql) {
  const Result result(PQexec(connection_.get(), sql.c_str()));
  Check(Done(result), fmt::format("{}: {}", sql, PQerrorMessage(connection_.get())));
  return PQntuples(result.get()) == 0 ? std::string() : PQgetvalue(result.get(), 0, 0);
}

std::string PostgresSession::Refusal(const std::string& sql) {
  const Result result(PQexec(connection_.get(), sql.c_str()));
  return Done(result) ? std::string() : PQerrorMessage(connection_.get());
}

}  // namespace latchkey
