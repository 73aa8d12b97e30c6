// SoundPrint: what a stretch of telephone audio sounds like, in 32 bits for every 10 ms.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace latchkey::sandbox {

inline constexpr int kPrintHop = 80;  // Samples from one print to the next: 10 ms.

// For each hop, the signs of how the differences between 33 neighbouring bands of the spectrum
// change with time (Haitsma and Kalker, "A Highly Robust Audio Fingerprinting System", ISMIR 2002,
// fitted to telephones). Two recordings of one sound differ in few bits, two sounds in half.
std::vector<uint32_t> SoundPrint(std::span<const uint8_t> mulaw);

}  // namespace latchkey::sandbox
