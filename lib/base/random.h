// Random: the one source of unpredictable bytes, a port so that tests can fix it.
#pragma once

#include <cstdint>
#include <span>

namespace latchkey {

class Random {
 public:
  virtual ~Random() = default;

  // Fills `bytes`. The system's source is good enough for keys.
  virtual void Fill(std::span<uint8_t> bytes) = 0;

  // A number in [0, bound), each equally likely. `bound` > 0.
  uint64_t Below(uint64_t bound);
};

// The operating system's source, through libsodium.
class SystemRandom final : public Random {
 public:
  void Fill(std::span<uint8_t> bytes) override;
};

}  // namespace latchkey
