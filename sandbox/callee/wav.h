// Wav: the file format that every player reads.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace latchkey::sandbox {

// A RIFF/WAVE file (format 7, mu-law) of two channels at 8000 Hz. `samples` alternate left, right.
std::string StereoMulawWav(std::span<const uint8_t> samples);

}  // namespace latchkey::sandbox
