#include "tests/security/memory_scan/mappings.h"

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace latchkey::memory_scan {
namespace {

// "7f12a000-7f12b000 rw-p 00000000 00:00 0      [heap]"; false for a line of details.
bool ParseHead(const std::string& line, Mapping& mapping) {
  char rights[5] = {};
  int name_at = 0;
  if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s %*s %*s %*s %n", &mapping.begin,
                  &mapping.end, rights, &name_at) != 3) {
    return false;
  }
  mapping.readable = rights[0] == 'r';
  mapping.name = name_at > 0 ? line.substr(static_cast<size_t>(name_at)) : std::string();
  return true;
}

void ParseFlags(const std::string& line, Mapping& mapping) {
  std::istringstream words(line);
  for (std::string word; words >> word;) {
    if (word == "lo") mapping.locked = true;
    if (word == "dd") mapping.undumped = true;
  }
}

}  // namespace

std::vector<Mapping> ReadMappings(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/smaps");
  std::vector<Mapping> mappings;
  for (std::string line; std::getline(file, line);) {
    Mapping mapping;
    if (ParseHead(line, mapping)) {
      mappings.push_back(mapping);
    } else if (line.starts_with("VmFlags:") && !mappings.empty()) {
      ParseFlags(line, mappings.back());
    }
  }
  return mappings;
}

}  // namespace latchkey::memory_scan
