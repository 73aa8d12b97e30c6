#include "bench/load/core_usage.h"

#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string>

namespace latchkey::bench {

CoreTimes ReadCoreTimes(int core) {
  std::ifstream stat("/proc/stat");
  const std::string wanted = "cpu" + std::to_string(core);
  for (std::string line; std::getline(stat, line);) {
    std::istringstream fields(line);
    std::string name;
    fields >> name;
    if (name != wanted) continue;
    // user, nice, system, idle, iowait, irq, softirq, steal
    std::array<int64_t, 8> ticks{};
    for (int64_t& tick : ticks) fields >> tick;
    const absl::Duration tick = absl::Seconds(1) / sysconf(_SC_CLK_TCK);
    const int64_t busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6];
    return {tick * busy, tick * ticks[7]};
  }
  return {};
}

}  // namespace latchkey::bench
