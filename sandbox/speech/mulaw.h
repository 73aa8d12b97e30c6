// Mu-law: G.711 as North American and Japanese telephones carry it (ITU-T G.711, table 2).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace latchkey::sandbox {

uint8_t EncodeMulaw(int16_t sample);
int16_t DecodeMulaw(uint8_t byte);

std::vector<uint8_t> EncodeMulaw(std::span<const int16_t> samples);
std::vector<int16_t> DecodeMulaw(std::span<const uint8_t> bytes);

}  // namespace latchkey::sandbox
