#include "tests/support/seeded_random.h"

namespace latchkey {

void SeededRandom::Fill(std::span<uint8_t> bytes) {
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(engine_());
}

}  // namespace latchkey
