// WAV: the header of a recording, G.711 mu-law in stereo, callee left, agent right.
#pragma once

#include <array>
#include <cstdint>

namespace latchkey::media {

inline constexpr int kWavHeaderBytes = 58;
inline constexpr int kWavBytesPerSample = 2;  // One byte for each side.

// The header of a file with `data_bytes` of audio behind it. With the "fact" chunk, which formats
// other than PCM need (RFC 2361; Microsoft, Multimedia Registration Kit, "New Multimedia Types").
std::array<uint8_t, kWavHeaderBytes> WavHeader(uint32_t data_bytes);

}  // namespace latchkey::media
