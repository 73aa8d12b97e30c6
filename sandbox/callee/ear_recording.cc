#include "sandbox/callee/ear_recording.h"

#include "sandbox/callee/wav.h"

namespace latchkey::sandbox {
namespace {

const auto kSamplesMax = static_cast<size_t>(EarRecording::kMax / absl::Microseconds(125));

}  // namespace

void EarRecording::Add(const Frame& said, const Frame& heard) {
  if (heard_.size() >= kSamplesMax) return;
  said_.insert(said_.end(), said.begin(), said.end());
  heard_.insert(heard_.end(), heard.begin(), heard.end());
}

void EarRecording::Forget() {
  said_ = {};
  heard_ = {};
}

std::string EarRecording::StereoFrom(size_t first) const {
  const size_t from = first * kFrameSamples;
  if (from >= heard_.size()) return "";
  std::vector<uint8_t> ear(heard_.begin() + static_cast<ptrdiff_t>(from), heard_.end());
  if (noise_) noise_->Mix(ear, static_cast<int64_t>(from));
  std::string stereo;
  stereo.reserve(2 * ear.size());
  for (size_t i = 0; i < ear.size(); ++i) {
    stereo += static_cast<char>(said_[from + i]);
    stereo += static_cast<char>(ear[i]);
  }
  return stereo;
}

std::string EarRecording::Wav() const {
  const std::string stereo = StereoFrom(0);
  return StereoMulawWavHead(static_cast<uint32_t>(stereo.size())) + stereo;
}

}  // namespace latchkey::sandbox
