#include "lib/pg/sql_error.h"

#include <string>

#include "lib/base/error.h"
#include "lib/base/log.h"

namespace latchkey::pg {
namespace {

std::string Text(const PGresult* result, int field) {
  const char* text = PQresultErrorField(result, field);
  return text == nullptr ? std::string() : std::string(text);
}

// Violated constraints and other verdicts on the data. Codes: Postgres' manual, appendix A.
absl::Status DataError(const std::string& state, const PGresult* result) {
  const std::string constraint = Text(result, PG_DIAG_CONSTRAINT_NAME);
  if (state == "23505") {
    return Error(absl::StatusCode::kAlreadyExists, "unique_violation",
                 "Something with this name or id exists already.", {{"constraint", constraint}});
  }
  if (state == "23503") {
    return Error(absl::StatusCode::kFailedPrecondition, "foreign_key_violation",
                 "What this refers to does not exist.", {{"constraint", constraint}});
  }
  if (state == "23514") {
    return Error(absl::StatusCode::kInvalidArgument, "check_violation",
                 "A value is outside of what is allowed.", {{"constraint", constraint}});
  }
  if (state == "22021" || state == "22P05") {
    return Error(absl::StatusCode::kInvalidArgument, "malformed_text",
                 "A text is not valid UTF-8. Send it as UTF-8, without NUL characters.");
  }
  return absl::OkStatus();
}

// The server's troubles: nothing to do with what was asked.
absl::Status ServerError(const std::string& state) {
  const std::string_view kind = std::string_view(state).substr(0, 2);
  if (state == "57014") {
    return Error(absl::StatusCode::kDeadlineExceeded, "postgres_timeout",
                 "The database took too long. Try again with the same request id.");
  }
  if (kind == "40" || state == "55P03") {
    return Error(absl::StatusCode::kAborted, "transaction_aborted",
                 "Another change came first, and nothing was done. Try again.");
  }
  // Connection, resources (disk, memory, connections), operator intervention, system error.
  if (kind == "08" || kind == "53" || kind == "57" || kind == "58") return UnavailableError();
  return absl::OkStatus();
}

}  // namespace

absl::Status UnavailableError() {
  return Error(absl::StatusCode::kUnavailable, "postgres_unavailable",
               "The database is out of reach. Try again in a moment.");
}

absl::Status StatusOf(const PGresult* result, std::string_view what) {
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return absl::OkStatus();

  const std::string state = Text(result, PG_DIAG_SQLSTATE);
  // Without a state it is libpq's own report, and libpq reports lost connections.
  if (state.empty()) return UnavailableError();
  if (absl::Status error = DataError(state, result); !error.ok()) return error;
  if (absl::Status error = ServerError(state); !error.ok()) return error;
  log::Error("postgres refused a statement", {{"statement", what},
                                              {"sqlstate", state},
                                              {"message", Text(result, PG_DIAG_MESSAGE_PRIMARY)}});
  return Error(absl::StatusCode::kInternal, "postgres_error",
               "The database refused a statement of ours. This is a bug; please report it.",
               {{"sqlstate", state}});
}

}  // namespace latchkey::pg
