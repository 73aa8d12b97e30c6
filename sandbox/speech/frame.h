// Frame: 20 ms of telephone audio, the unit in which both sides of a call move on.
#pragma once

#include <array>
#include <cstdint>

#include "sandbox/speech/voice_detector.h"

namespace latchkey::sandbox {

using Frame = std::array<uint8_t, kFrameSamples>;  // Mu-law, 8000 Hz.

inline Frame SilentFrame() {
  Frame frame;
  frame.fill(kMulawSilence);
  return frame;
}

}  // namespace latchkey::sandbox
