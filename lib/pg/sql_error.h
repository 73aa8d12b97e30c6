// What Postgres' errors mean to us. For lib/pg alone.
#pragma once

#include <libpq-fe.h>

#include <string_view>

#include "absl/status/status.h"

namespace latchkey::pg {

// Postgres cannot be reached, or the connection was lost in the middle of something.
absl::Status UnavailableError();

// The error for a result of the statement called `what`; OK for one that is no error. Logs what is
// our bug, with the message's first line, which names things of the schema.
absl::Status StatusOf(const PGresult* result, std::string_view what);

}  // namespace latchkey::pg
