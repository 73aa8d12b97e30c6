// Wav: the file format that every player reads.
#pragma once

#include <cstdint>
#include <string>

namespace latchkey::sandbox {

// For a file whose end nobody knows yet: players then read on as long as something comes.
inline constexpr uint32_t kWavEndless = 0xFFFFFF00;

// The head of a RIFF/WAVE file (format 7, mu-law) of two channels at 8000 Hz, with `size` bytes of
// samples after it, which alternate left, right.
std::string StereoMulawWavHead(uint32_t size);

}  // namespace latchkey::sandbox
