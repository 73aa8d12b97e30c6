// Pcm: linear PCM as AgentStream carries it, 16 bits little-endian, from and to telephone audio.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace latchkey::sandbox::exotel {

// `rate_hz` is 8000, 16000 or 24000. Between two samples of the telephone's the line is straight.
std::vector<uint8_t> ToPcm(std::span<const uint8_t> mulaw, int rate_hz);

// The mean of the samples that fall into one of the telephone's. A last half sample is left out.
std::vector<uint8_t> ToMulaw(std::span<const uint8_t> pcm, int rate_hz);

}  // namespace latchkey::sandbox::exotel
