#include "tests/integration/keyvault/keyvault_program.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "lib/base/check.h"

namespace latchkey::keyvault {

KeyvaultProgram::KeyvaultProgram(std::vector<std::string> arguments, const std::string& folder) {
  static int count = 0;
  log_ = fmt::format("{}/program-{}.log", folder, ++count);
  arguments.insert(arguments.begin(), LATCHKEY_KEYVAULT_PROGRAM);
  arguments.emplace_back("--listen=127.0.0.1:0");
  arguments.emplace_back("--http-listen=127.0.0.1:0");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int log = open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  pid_ = fork();
  Check(log >= 0 && pid_ >= 0, "the program cannot be started");
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(log);
}

KeyvaultProgram::~KeyvaultProgram() { Kill(); }

bool KeyvaultProgram::Ended() {
  if (pid_ > 0 && waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = 0;
  return pid_ == 0;
}

bool KeyvaultProgram::AwaitServing(absl::Duration limit) {
  const absl::Time end = absl::Now() + limit;
  while (absl::Now() < end && !Ended()) {
    if (!Logged("port").empty()) return true;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return false;
}

std::string KeyvaultProgram::address() const { return "127.0.0.1:" + Logged("port"); }

// The number after `name` in the log's line "serving"; "" before it is there, whole.
std::string KeyvaultProgram::Logged(const std::string& name) const {
  std::istringstream lines(Log());
  std::string line;
  while (std::getline(lines, line)) {
    if (lines.eof() || line.find("\"serving\"") == std::string::npos) continue;
    const std::string before = "\"" + name + "\":";
    const size_t begin = line.find(before) + before.size();
    return line.substr(begin, line.find_first_not_of("0123456789", begin) - begin);
  }
  return "";
}

void KeyvaultProgram::Kill() {
  if (Ended()) return;
  kill(pid_, SIGKILL);
  AwaitExit();
}

void KeyvaultProgram::AskToStop() {
  if (!Ended()) kill(pid_, SIGTERM);
}

int KeyvaultProgram::AwaitExit() {
  if (pid_ > 0) waitpid(pid_, &status_, 0);
  pid_ = 0;
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
}

std::string KeyvaultProgram::Log() const {
  std::ifstream file(log_);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string KeyvaultProgram::Metrics() const {
  const std::string command =
      fmt::format("curl -s --max-time 10 http://127.0.0.1:{}/metrics", Logged("http_port"));
  FILE* pipe = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer;
  while (const size_t got = fread(buffer.data(), 1, buffer.size(), pipe)) {
    text.append(buffer.data(), got);
  }
  pclose(pipe);
  return text;
}

}  // namespace latchkey::keyvault
