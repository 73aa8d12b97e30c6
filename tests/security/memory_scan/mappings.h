// Mappings: what a process has in its address space, as /proc/PID/smaps tells it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace latchkey::memory_scan {

struct Mapping {
  uint64_t begin = 0;
  uint64_t end = 0;
  std::string name;  // "[heap]", "/usr/lib/…", or "" for anonymous memory.
  bool readable = false;
  bool locked = false;    // VmFlags lo.
  bool undumped = false;  // VmFlags dd: no core file has it.

  // Only lib/secret's arena is both.
  bool arena() const { return locked && undumped; }
};

// Empty when the process is gone or may not be looked at.
std::vector<Mapping> ReadMappings(int pid);

}  // namespace latchkey::memory_scan
