// LineNoise: the noise of a street or a kitchen, laid over telephone audio.
#pragma once

#include <cstdint>
#include <span>

namespace latchkey::sandbox {

// The same at the same place of the same call: what was mixed once can be mixed again.
class LineNoise {
 public:
  // `speech_rms` of 32768, and how many dB below it the noise is. `seed` chooses where in the
  // noise the call begins.
  LineNoise(double speech_rms, int snr_db, uint64_t seed);

  // Adds the noise to `mulaw`, which begins `position` samples after the answer.
  void Mix(std::span<uint8_t> mulaw, int64_t position) const;

  double rms() const { return rms_; }

 private:
  double rms_;
  uint64_t offset_;
};

// Of its frames that are loud enough to be speech; 0 when none is.
double SpeechRms(std::span<const uint8_t> mulaw);

}  // namespace latchkey::sandbox
