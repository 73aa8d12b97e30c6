#include "services/media/domain/model_ears.h"

#include <algorithm>
#include <array>

#include "services/media/domain/mulaw.h"

namespace latchkey::media {
namespace {

// Time stamps come in milliseconds and jitter; a smaller gap is none: 60 ms.
constexpr int64_t kJitterSamples = 480;
// What has not come by then is taken for left out: 400 ms, less than any turn's closing silence.
constexpr int64_t kLateSamples = 3'200;
// A longer gap is a broken clock: 10 s.
constexpr int64_t kGapMax = 10 * kSampleRateHz;
constexpr size_t kPieceBytes = 160;

constexpr std::array<uint8_t, kPieceBytes> kQuiet = [] {
  std::array<uint8_t, kPieceBytes> quiet{};
  for (uint8_t& byte : quiet) byte = kSilence;
  return quiet;
}();

}  // namespace

void ModelEars::OnAudio(int64_t start, Audio audio, absl::Time now) {
  if (detector_.Hear(audio).voiced) last_voice_ = now;
  if (start - position_ > kJitterSamples) FillUpTo(start);
  Feed(audio);
  position_ = std::max(position_, start + static_cast<int64_t>(audio.size()));
}

void ModelEars::OnTick(int64_t now) {
  if (now - position_ > kLateSamples) FillUpTo(now);
}

void ModelEars::FillUpTo(int64_t position) {
  position_ = std::max(position_, position - kGapMax);
  while (position_ < position) {
    const auto size = std::min(kPieceBytes, static_cast<size_t>(position - position_));
    Feed(Audio(kQuiet).first(size));
    position_ += static_cast<int64_t>(size);
  }
}

void ModelEars::Feed(Audio audio) {
  kept_.Keep(audio);
  model_.Hear(audio);
  fed_ += static_cast<int64_t>(audio.size());
}

void ModelEars::Restart(bool again) {
  fed_ = 0;
  if (!again) return;
  model_.Hear(kept_.all());
  fed_ = static_cast<int64_t>(kept_.all().size());
}

int64_t ModelEars::PositionOf(int64_t heard) const {
  return std::max<int64_t>(0, position_ - (fed_ - heard));
}

}  // namespace latchkey::media
