#include "lib/base/random.h"

#include <sodium.h>

#include <array>
#include <cstring>

namespace latchkey {

uint64_t Random::Below(uint64_t bound) {
  // Rejects the remainder that would make small numbers likelier.
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  while (true) {
    std::array<uint8_t, sizeof(uint64_t)> bytes{};
    Fill(bytes);
    uint64_t number = 0;
    std::memcpy(&number, bytes.data(), sizeof(number));
    if (number < limit) return number % bound;
  }
}

void SystemRandom::Fill(std::span<uint8_t> bytes) { randombytes_buf(bytes.data(), bytes.size()); }

}  // namespace latchkey
