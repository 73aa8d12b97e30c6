// EarRecording: both sides of a call as one person heard and spoke them, sample by sample.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "sandbox/speech/frame.h"
#include "sandbox/speech/line_noise.h"

namespace latchkey::sandbox {

// Mu-law, 8000 Hz. Begins with the answer and keeps the first kMax of the call.
class EarRecording {
 public:
  static constexpr absl::Duration kMax = absl::Minutes(3);

  // `noise` is where the person is: it lies over what they hear, too.
  explicit EarRecording(const std::optional<LineNoise>& noise) : noise_(noise) {}

  // The next 20 ms. `heard` is what the carrier played, without the noise of the room.
  void Add(const Frame& said, const Frame& heard);
  void Forget();

  size_t frames() const { return heard_.size() / kFrameSamples; }

  // A stereo WAV: left what the person said, right what the person's ear heard.
  std::string Wav() const;
  // The same without a header, from the frame `first` on, for who listens while it goes on.
  std::string StereoFrom(size_t first) const;
  // What the carrier played and nothing else: one byte is one sample, 0xFF where it played nothing.
  std::string AgentMulaw() const { return {heard_.begin(), heard_.end()}; }

 private:
  std::optional<LineNoise> noise_;
  std::vector<uint8_t> said_, heard_;
};

}  // namespace latchkey::sandbox
