// SeededRandom: the same bytes for the same seed, so that a failing test can be run again.
#pragma once

#include <random>

#include "lib/base/random.h"

namespace latchkey {

class SeededRandom final : public Random {
 public:
  explicit SeededRandom(uint64_t seed = 1) : engine_(seed) {}
  void Fill(std::span<uint8_t> bytes) override;

 private:
  std::mt19937_64 engine_;
};

}  // namespace latchkey
