// PostgresSession: one connection of a test's own, for what has to last longer than a statement.
#pragma once

#include <memory>
#include <string>

extern "C" {
struct pg_conn;
}

namespace latchkey {

class PostgresSession {
 public:
  explicit PostgresSession(const std::string& conninfo);

  // The first column of the first row, or "". Ends the test program when it is refused.
  std::string Do(const std::string& sql);
  // What Postgres says against it; "" when it was done.
  std::string Refusal(const std::string& sql);

 private:
  struct Finish {
    void operator()(pg_conn* connection) const;
  };
  std::unique_ptr<pg_conn, Finish> connection_;
};

}  // namespace latchkey
