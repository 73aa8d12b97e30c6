// Needles: the texts that are looked for in memory, and every piece of 24 bytes of them.
#pragma once

#include <bitset>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace latchkey::memory_scan {

inline constexpr size_t kPieceBytes = 24;

struct Needle {
  std::string name;  // "anthropic base64"
  std::string text;
};

// A run of memory that is also in a needle.
struct Match {
  size_t needle = 0;  // Its place in the list.
  size_t begin = 0;   // In the memory that was searched.
  size_t size = 0;    // At least 24 bytes, or the whole needle.
};

// Any 24 bytes in a row of a text contain one of its blocks that begin at a multiple of 12, whole.
// So it is enough to look for those at every place, and to see how far the match goes both ways.
class Needles {
 public:
  // Texts of fewer than 12 bytes are not looked for: they would be found by chance.
  explicit Needles(std::vector<Needle> needles);

  // Calls `found` for each match; a longer one may be told several times.
  void Search(std::span<const uint8_t> memory,
              const std::function<void(const Match&)>& found) const;

  const Needle& at(size_t index) const { return needles_[index]; }
  size_t size() const { return needles_.size(); }

 private:
  static constexpr size_t kBlockBytes = 12;
  static constexpr size_t kHashBits = 16;

  struct Place {
    size_t needle = 0;
    size_t offset = 0;
  };

  static uint64_t Load(const uint8_t* bytes);
  static size_t Hash(uint64_t head);
  void Extend(std::span<const uint8_t> memory, size_t at, const Place& place,
              const std::function<void(const Match&)>& found) const;

  std::vector<Needle> needles_;
  std::unordered_map<uint64_t, std::vector<Place>> places_;  // By a block's first 8 bytes.
  std::bitset<size_t{1} << kHashBits> seen_;                 // Most memory stops here.
};

}  // namespace latchkey::memory_scan
