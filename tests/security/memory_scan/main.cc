// memory-scan PID: searches all of a process's readable memory for the texts on standard input.
//
// Input: a line "NAME TAB HEX" for each text. Output: a line "NAME TAB WHERE TAB MAPPING TAB BYTES"
// for each place that holds 24 bytes of it or more, where WHERE is `arena` (locked memory that no
// core file has), `undumped` (no core file has it) or `memory`; then a line "searched TAB BYTES TAB
// ARENA-BYTES". Never prints what it found. Exits 2 when the process may not be looked at.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "tests/security/memory_scan/mappings.h"
#include "tests/security/memory_scan/needles.h"

namespace latchkey::memory_scan {
namespace {

constexpr size_t kChunkBytes = 4 << 20;
// Only a sanitizer's shadow is larger: it describes memory, and holds none of it.
constexpr uint64_t kMappingBytesMax = uint64_t{64} << 30;

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i + 2 <= hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

Needles ReadNeedles() {
  std::vector<Needle> needles;
  for (std::string line; std::getline(std::cin, line);) {
    const size_t tab = line.find('\t');
    if (tab != std::string::npos) {
      needles.push_back({line.substr(0, tab), FromHex(line.substr(tab + 1))});
    }
  }
  return Needles(std::move(needles));
}

struct Searched {
  uint64_t bytes = 0;
  uint64_t arena_bytes = 0;
  // Needle, where, mapping and address → the longest match there.
  std::map<std::tuple<size_t, std::string, std::string, uint64_t>, size_t> hits;
};

// Chunks overlap, so that nothing is missed between two.
void SearchMapping(int memory, const Mapping& mapping, const Needles& needles, Searched& searched) {
  constexpr size_t kOverlap = 4096;
  static std::vector<uint8_t> chunk(kChunkBytes + kOverlap);
  const std::string where = mapping.arena() ? "arena" : mapping.undumped ? "undumped" : "memory";
  for (uint64_t at = mapping.begin; at < mapping.end; at += kChunkBytes) {
    const size_t wanted = std::min<uint64_t>(chunk.size(), mapping.end - at);
    const ssize_t got = pread(memory, chunk.data(), wanted, static_cast<off_t>(at));
    if (got <= 0) continue;  // The kernel's own pages, such as [vvar].
    const auto size = static_cast<size_t>(got);
    searched.bytes += std::min(size, kChunkBytes);
    if (mapping.arena()) searched.arena_bytes += std::min(size, kChunkBytes);
    needles.Search({chunk.data(), size}, [&](const Match& match) {
      size_t& longest = searched.hits[{match.needle, where, mapping.name, at + match.begin}];
      longest = std::max(longest, match.size);
    });
  }
}

int Run(int pid) {
  const Needles needles = ReadNeedles();
  const int memory = open(("/proc/" + std::to_string(pid) + "/mem").c_str(), O_RDONLY);
  const std::vector<Mapping> mappings = ReadMappings(pid);
  if (memory < 0 || mappings.empty()) {
    std::cerr << "The memory of process " << pid
              << " cannot be read: it is gone, or this is not root with CAP_SYS_PTRACE.\n";
    return 2;
  }
  Searched searched;
  for (const Mapping& mapping : mappings) {
    const bool shadow = mapping.end - mapping.begin > kMappingBytesMax;
    if (mapping.readable && !shadow) SearchMapping(memory, mapping, needles, searched);
  }
  close(memory);
  for (const auto& [place, size] : searched.hits) {
    const auto& [needle, where, name, address] = place;
    std::cout << needles.at(needle).name << '\t' << where << '\t'
              << (name.empty() ? "anonymous" : name) << " at 0x" << std::hex << address << std::dec
              << '\t' << size << '\n';
  }
  std::cout << "searched\t" << searched.bytes << '\t' << searched.arena_bytes << '\n';
  return 0;
}

}  // namespace
}  // namespace latchkey::memory_scan

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "Usage: memory-scan PID, with the texts on standard input.\n";
    return 2;
  }
  return latchkey::memory_scan::Run(std::atoi(argv[1]));
}
