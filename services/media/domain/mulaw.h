// G.711 mu-law: what a byte of it is worth.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace latchkey::media {

inline constexpr uint8_t kSilence = 0xFF;  // Zero, as mu-law writes it.

// A mu-law byte as a 16-bit linear sample (ITU-T G.711, table 2a, scaled to 16 bits).
constexpr int16_t LinearOf(uint8_t byte) {
  const int inverted = ~byte & 0xFF;
  const int exponent = (inverted >> 4) & 7;
  const int mantissa = inverted & 15;
  const int magnitude = (((mantissa << 3) + 132) << exponent) - 132;
  return static_cast<int16_t>((inverted & 0x80) != 0 ? -magnitude : magnitude);
}

// The mu-law byte that is worth most nearly `sample`.
constexpr uint8_t MulawOf(int sample) {
  const int sign = sample < 0 ? 0x80 : 0;
  const int magnitude = std::min(sample < 0 ? -sample : sample, 32'635) + 132;
  int exponent = 7;
  while (exponent > 0 && (magnitude & (0x80 << exponent)) == 0) --exponent;
  return static_cast<uint8_t>(~(sign | exponent << 4 | (magnitude >> (exponent + 3) & 15)));
}

// The square of each byte's linear sample: energy is a table look-up and an addition.
constexpr std::array<uint32_t, 256> MakeEnergyTable() {
  std::array<uint32_t, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    const int sample = LinearOf(static_cast<uint8_t>(byte));
    table[byte] = static_cast<uint32_t>(sample * sample);
  }
  return table;
}
inline constexpr std::array<uint32_t, 256> kEnergy = MakeEnergyTable();

}  // namespace latchkey::media
