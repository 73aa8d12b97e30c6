#include "bench/load/core_usage.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

namespace latchkey::bench {

absl::Duration StolenTime(int core) {
  std::ifstream stat("/proc/stat");
  const std::string wanted = "cpu" + std::to_string(core);
  for (std::string line; std::getline(stat, line);) {
    std::istringstream fields(line);
    std::string name;
    fields >> name;
    if (name != wanted) continue;
    // user, nice, system, idle, iowait, irq, softirq, steal
    int64_t ticks = 0;
    for (int field = 0; field < 8; ++field) fields >> ticks;
    return absl::Seconds(1) * ticks / sysconf(_SC_CLK_TCK);
  }
  return absl::ZeroDuration();
}

absl::Duration WaitedForCore(pid_t pid) {
  absl::Duration waited;
  std::error_code gone;  // A process that has ended waits for nothing.
  const std::filesystem::path tasks = "/proc/" + std::to_string(pid) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, gone)) {
    std::ifstream stat(task.path() / "schedstat");
    int64_t ran = 0, waiting = 0;
    stat >> ran >> waiting;
    waited += absl::Nanoseconds(waiting);
  }
  return waited;
}

}  // namespace latchkey::bench
