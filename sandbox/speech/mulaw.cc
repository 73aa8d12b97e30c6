#include "sandbox/speech/mulaw.h"

#include <algorithm>
#include <array>
#include <bit>

namespace latchkey::sandbox {
namespace {

constexpr int kBias = 132;  // Makes every segment start at a power of two.
constexpr int kClip = 32635;

constexpr int16_t Decode(uint8_t byte) {
  const int code = ~byte & 0xFF;
  const int segment = (code >> 4) & 7;
  const int magnitude = ((((code & 15) << 3) + kBias) << segment) - kBias;
  return static_cast<int16_t>((code & 0x80) != 0 ? -magnitude : magnitude);
}

constexpr std::array<int16_t, 256> kDecoded = [] {
  std::array<int16_t, 256> table{};
  for (size_t byte = 0; byte < table.size(); ++byte) {
    table[byte] = Decode(static_cast<uint8_t>(byte));
  }
  return table;
}();

}  // namespace

uint8_t EncodeMulaw(int16_t sample) {
  const int sign = sample < 0 ? 0x80 : 0;
  const int magnitude = std::min(sample < 0 ? -int{sample} : int{sample}, kClip) + kBias;
  const int segment = static_cast<int>(std::bit_width(static_cast<unsigned>(magnitude))) - 8;
  const int mantissa = (magnitude >> (segment + 3)) & 15;
  return static_cast<uint8_t>(~(sign | (segment << 4) | mantissa));
}

int16_t DecodeMulaw(uint8_t byte) { return kDecoded[byte]; }

std::vector<uint8_t> EncodeMulaw(std::span<const int16_t> samples) {
  std::vector<uint8_t> bytes(samples.size());
  std::ranges::transform(samples, bytes.begin(), [](int16_t s) { return EncodeMulaw(s); });
  return bytes;
}

std::vector<int16_t> DecodeMulaw(std::span<const uint8_t> bytes) {
  std::vector<int16_t> samples(bytes.size());
  std::ranges::transform(bytes, samples.begin(), [](uint8_t b) { return DecodeMulaw(b); });
  return samples;
}

}  // namespace latchkey::sandbox
