// TelephoneBand: between an engine's 16 kHz and a telephone's 8 kHz.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace latchkey::sandbox {

// 16 kHz → 8 kHz. Low-pass below 3.7 kHz first, so that nothing folds down.
std::vector<int16_t> NarrowBand(std::span<const int16_t> wide);

// 8 kHz → 16 kHz with the upper band made up: overdriven harmonics above 3.6 kHz, mixed in at a
// quarter. That upper band is wrong but not empty, which is what a recogniser trained on wide-band
// speech needs in order to work on a telephone's. One per stream.
class WideBand {
 public:
  std::vector<int16_t> Push(std::span<const int16_t> narrow);

 private:
  static constexpr size_t kHalfTaps = 32;

  double Interpolate(bool between) const;
  double Harmonics(double sample);
  double HighPass(double sample);

  std::array<double, 2 * kHalfTaps> history_{};  // The last samples, the youngest last.
  double driven_in_ = 0, driven_out_ = 0;
  double in1_ = 0, in2_ = 0, out1_ = 0, out2_ = 0;  // The high-pass filter's memory.
};

}  // namespace latchkey::sandbox
