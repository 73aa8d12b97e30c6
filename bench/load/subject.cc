#include "bench/load/subject.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "bench/load/core_usage.h"
#include "lib/base/check.h"

namespace latchkey::bench {
namespace {

absl::Duration FromTimeval(const timeval& time) {
  return absl::Seconds(time.tv_sec) + absl::Microseconds(time.tv_usec);
}

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

}  // namespace

void PinTo(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<size_t>(core), &cores);
  Check(sched_setaffinity(0, sizeof(cores), &cores) == 0, "a core to pin to");
}

Subject::Subject(const std::vector<std::string>& arguments, int core, const std::string& log_file) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  pid_ = fork();
  Check(pid_ >= 0, "a process to measure");
  if (pid_ > 0) return;
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // However this process ends, the subject does not outlive it.
  PinTo(core);
  const int log = open(log_file.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_APPEND, 0600);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  execv(argv[0], argv.data());
  _exit(127);
}

Subject::~Subject() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

bool Subject::running() const { return waitpid(pid_, nullptr, WNOHANG) == 0; }

absl::Duration Subject::cpu_time() const {
  std::ifstream stat("/proc/" + std::to_string(pid_) + "/stat");
  std::string line;
  std::getline(stat, line);
  // Fields 14 and 15, counted from behind the command's closing parenthesis (proc(5)).
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  int64_t user = 0, system = 0;
  fields >> user >> system;
  return absl::Seconds(1) * (user + system) / sysconf(_SC_CLK_TCK);
}

absl::Duration Subject::waited_for_core() const { return WaitedForCore(pid_); }

int64_t Subject::resident_bytes() const {
  std::ifstream statm("/proc/" + std::to_string(pid_) + "/statm");
  int64_t size = 0, resident = 0;
  statm >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

absl::Duration OwnCpuTime() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return FromTimeval(usage.ru_utime) + FromTimeval(usage.ru_stime);
}

bool Listening(int port) {
  const int caller = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = Loopback(port);
  const int connected = connect(caller, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  close(caller);
  return connected == 0;
}

int FreePort() {
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  Check(bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
            getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0,
        "a free port");
  close(listener);
  return ntohs(address.sin_port);
}

}  // namespace latchkey::bench
