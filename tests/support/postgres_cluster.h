// PostgresCluster: a real Postgres 15 for a test program, and a fresh database for each test.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

namespace latchkey {

// How the roles of one service reach one database.
struct TestDatabase {
  std::string name;
  std::string owner;      // conninfo of <service>_owner, who runs the migrations
  std::string service;    // conninfo of <service>, with the rights that the migrations grant
  std::string superuser;  // conninfo of postgres, for looking behind the scenes
};

// Started at first use and stopped at the program's end, on a Unix socket in a folder of its own;
// fsync is off. With LATCHKEY_TEST_PG (a superuser's conninfo without dbname) set, that cluster is
// used instead, and Stop, Kill and Start are not available.
class PostgresCluster {
 public:
  static PostgresCluster& Shared();

  PostgresCluster();
  ~PostgresCluster();
  PostgresCluster(const PostgresCluster&) = delete;
  PostgresCluster& operator=(const PostgresCluster&) = delete;

  // A new, empty database and, if they are missing, the two roles of `service`.
  TestDatabase MakeDatabase(std::string_view service);

  // Runs SQL as superuser in `database` and returns the first column of the first row, or "".
  std::string Run(const std::string& conninfo, const std::string& sql);

  bool restartable() const { return pid_ > 0 || !folder_.empty(); }
  void Stop();   // In order: connections are told.
  void Kill();   // kill -9 of the whole server.
  void Start();  // Returns when it answers.

 private:
  std::string folder_;    // Empty: somebody else's cluster.
  std::string conninfo_;  // Without dbname.
  pid_t pid_ = 0;
  int databases_ = 0;
};

}  // namespace latchkey
