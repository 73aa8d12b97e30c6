#include "tests/support/postgres_cluster.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>
#include <vector>

#include "fmt/format.h"
#include "lib/base/check.h"
#include "tests/support/postgres_session.h"

namespace latchkey {
namespace {

constexpr std::string_view kPrograms = "/usr/lib/postgresql/15/bin/";

// initdb and postgres refuse to be root. Nothing happens when we are somebody else already.
void BecomePostgres() {
  if (geteuid() != 0) return;
  const passwd* user = getpwnam("postgres");
  if (user == nullptr || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0) _exit(126);
}

// Starts a program as postgres, silent, that dies with us.
pid_t StartProgram(std::string_view name, const std::vector<std::string>& arguments,
                   const std::string& log) {
  const std::string path = std::string(kPrograms) + std::string(name);
  std::vector<char*> argv = {const_cast<char*>(path.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t child = fork();
  Check(child >= 0, "fork failed");
  if (child > 0) return child;

  BecomePostgres();
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (getppid() != parent) _exit(126);
  const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  dup2(file, STDOUT_FILENO);
  dup2(file, STDERR_FILENO);
  if (chdir("/") != 0) _exit(126);
  setpgid(0, 0);  // Ctrl-C is for us; we stop the server in order.
  execv(path.c_str(), argv.data());
  _exit(127);
}

void Wait(pid_t child, std::string_view why) {
  int status = 0;
  Check(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0, why);
}

void GiveToPostgres(const std::string& folder) {
  if (geteuid() != 0) return;
  const passwd* user = getpwnam("postgres");
  Check(user != nullptr && chown(folder.c_str(), user->pw_uid, user->pw_gid) == 0,
        "the user postgres is missing; install postgresql-15");
}

std::string MakeFolder() {
  std::string folder = "/tmp/latchkey-pg-XXXXXX";
  Check(mkdtemp(folder.data()) != nullptr, "no folder can be made in /tmp");
  GiveToPostgres(folder);
  return folder;
}

// initdb takes seconds, so its outcome is kept and copied. Programs that want it at the same time
// wait for the first.
std::string TemplateFolder() {
  const std::string folder = fmt::format("/tmp/latchkey-pg-template-15-{}", geteuid());
  const int lock = open((folder + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  Check(lock >= 0 && flock(lock, LOCK_EX) == 0, "the template's lock cannot be taken");
  if (!std::filesystem::exists(folder)) {
    const std::string made = MakeFolder();
    Wait(StartProgram("initdb",
                      {"-D", made + "/data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                       "--locale=C.UTF-8", "-N"},
                      made + "/initdb.log"),
         "initdb failed; is postgresql-15 installed?");
    std::filesystem::rename(made, folder);
  }
  close(lock);
  return folder;
}

void CopyTemplate(const std::string& folder) {
  const std::string command =
      fmt::format("cp -a --reflink=auto {}/data {}/data", TemplateFolder(), folder);
  Check(std::system(command.c_str()) == 0, "the template of the cluster cannot be copied");
}

}  // namespace

PostgresCluster& PostgresCluster::Shared() {
  static PostgresCluster cluster;
  return cluster;
}

PostgresCluster::PostgresCluster() {
  if (const char* given = std::getenv("LATCHKEY_TEST_PG"); given != nullptr) {
    conninfo_ = given;
    return;
  }
  folder_ = MakeFolder();
  conninfo_ = fmt::format("host={} user=postgres", folder_);
  CopyTemplate(folder_);
  Start();
}

PostgresCluster::~PostgresCluster() {
  if (folder_.empty()) return;
  if (pid_ > 0) Kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void PostgresCluster::Start() {
  Check(!folder_.empty() && pid_ == 0, "the cluster runs, or is somebody else's");
  pid_ = StartProgram("postgres",
                      {"-D", folder_ + "/data", "-k", folder_, "-c", "listen_addresses=", "-c",
                       "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c",
                       "shared_buffers=32MB", "-c", "autovacuum=off"},
                      folder_ + "/log");
  for (int i = 0; i < 3000; ++i) {
    if (PQping((conninfo_ + " dbname=postgres").c_str()) == PQPING_OK) return;
    Check(waitpid(pid_, nullptr, WNOHANG) == 0, "postgres ended at once; see its log in /tmp");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  Check(false, "postgres did not start within 30 s");
}

void PostgresCluster::Stop() {
  Check(pid_ > 0, "the cluster does not run");
  kill(pid_, SIGINT);  // Postgres' "fast": open transactions end, connections are told.
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

void PostgresCluster::Kill() {
  Check(pid_ > 0, "the cluster does not run");
  // Its backends too, which would finish what they do: each is a child in a session of its own.
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", pid_));
  const std::vector<pid_t> backends{std::istream_iterator<pid_t>(children), {}};
  kill(pid_, SIGKILL);
  for (const pid_t backend : backends) kill(backend, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = 0;
}

std::string PostgresCluster::Run(const std::string& conninfo, const std::string& sql) {
  return PostgresSession(conninfo).Do(sql);
}

TestDatabase PostgresCluster::MakeDatabase(std::string_view service) {
  const std::string postgres = conninfo_ + " dbname=postgres";
  const std::string owner = fmt::format("{}_owner", service);
  const std::string name = fmt::format("test_{}_{}_{}", service, getpid(), ++databases_);
  // Test programs that share a cluster may make the same roles at once.
  static constexpr char kRoles[] =
      "SELECT pg_advisory_lock(1);"
      "DO $$ BEGIN CREATE ROLE {0} LOGIN; EXCEPTION WHEN duplicate_object THEN END $$;"
      "DO $$ BEGIN CREATE ROLE {1} LOGIN; EXCEPTION WHEN duplicate_object THEN END $$;";
  Run(postgres, fmt::format(kRoles, owner, service));
  Run(postgres, fmt::format("CREATE DATABASE {}", name));
  Run(postgres, fmt::format("REVOKE ALL ON DATABASE {0} FROM PUBLIC;"
                            "GRANT CONNECT, CREATE ON DATABASE {0} TO {1};"
                            "GRANT CONNECT ON DATABASE {0} TO {2}",
                            name, owner, service));
  // The last user= of a conninfo wins.
  const std::string base = fmt::format("{} dbname={}", conninfo_, name);
  return {name, fmt::format("{} user={}", base, owner), fmt::format("{} user={}", base, service),
          base};
}

}  // namespace latchkey
