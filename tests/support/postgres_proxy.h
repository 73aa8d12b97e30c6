// PostgresProxy: stands between a service and Postgres, and stops what passes where a test says.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/time/time.h"

namespace latchkey {

// On a Unix socket of its own, in a folder under /tmp that goes with the object. Sees what a
// service says in clear: the names of prepared statements, and "COMMIT".
class PostgresProxy {
 public:
  // `conninfo` names the server by host=<the folder of its socket>.
  explicit PostgresProxy(const std::string& conninfo);
  ~PostgresProxy();
  PostgresProxy(const PostgresProxy&) = delete;
  PostgresProxy& operator=(const PostgresProxy&) = delete;

  // The same database, through here.
  const std::string& conninfo() const { return conninfo_; }

  // The next connection on which all of `words` are said, in this order, is stopped: before
  // Postgres hears the last of them.
  void StopBefore(std::vector<std::string> words);
  // The same, but Postgres hears and answers, and its answer is stopped.
  void StopAfter(std::vector<std::string> words);
  // Whether one was stopped within `limit`.
  bool AwaitStopped(absl::Duration limit);

  // Nothing passes any more, on any connection.
  void Freeze();
  // Everything passes again; a connection that was stopped is cut, and what stood in it is lost.
  void Go();

 private:
  struct Line;
  enum class Rule { kNone, kBefore, kAfter };

  void Run();
  void Accept();
  bool Carry(Line& line, bool from_service);
  void Hear(Line& line, std::string_view words);
  void Order(Rule rule, std::vector<std::string> words);
  void Wake();

  std::string folder_;
  std::string server_;
  std::string conninfo_;
  int listener_ = -1;
  int bell_ = -1;
  std::mutex mutex_;  // Guards what follows; the lines are the thread's own.
  std::condition_variable stopped_bell_;
  Rule rule_ = Rule::kNone;
  std::vector<std::string> words_;
  bool stopped_ = false;
  bool frozen_ = false;
  bool ending_ = false;
  std::vector<std::unique_ptr<Line>> lines_;
  std::thread thread_;
};

}  // namespace latchkey
