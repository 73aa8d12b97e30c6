// VoiceDetector: is somebody speaking in this frame? A gate on energy, with memory.
#pragma once

#include <cstdint>
#include <span>

namespace latchkey::sandbox {

inline constexpr int kFrameMs = 20;
inline constexpr int kFrameSamples = 160;  // At 8000 Hz.
inline constexpr uint8_t kMulawSilence = 0xFF;

// Fed with consecutive 20 ms frames of mu-law.
class VoiceDetector {
 public:
  // True when the frame is loud enough (RMS above kVoicedRms of 32768) for speech.
  static bool IsLoud(std::span<const uint8_t> frame);

  // Speech has begun once kLoudFramesMin of the last four frames were loud, so that a click is not
  // speech; it goes on as long as frames are loud. Whoever asks counts the silence after it. On a
  // noisy line, loud is what stands out of the noise of the last second or two.
  bool OnFrame(std::span<const uint8_t> frame);

  static constexpr int64_t kVoicedRms = 150;
  static constexpr int kLoudFramesMin = 3;

 private:
  void FollowNoise(int64_t energy);

  uint8_t history_ = 0;  // One bit a frame, the youngest lowest.
  // The quietest frame of the second that runs, and of the one before: the line's noise.
  int64_t quietest_now_ = INT64_MAX, quietest_before_ = 0;
  int frames_ = 0;
};

}  // namespace latchkey::sandbox
