// Chunker: cuts the callee's voice into media messages of the sizes that a scenario wants. A rule.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace latchkey::sandbox::twilio {

class Chunker {
 public:
  // `sizes` in bytes, taken in turn; not empty, none is zero.
  explicit Chunker(std::vector<int> sizes) : sizes_(std::move(sizes)) {}

  // The chunks that are full now, in order.
  std::vector<std::vector<uint8_t>> Push(std::span<const uint8_t> mulaw);

 private:
  const std::vector<int> sizes_;
  size_t next_ = 0;  // Of sizes_.
  std::vector<uint8_t> waiting_;
};

}  // namespace latchkey::sandbox::twilio
