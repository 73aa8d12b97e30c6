#include "services/media/domain/recording_track.h"

#include <algorithm>

#include "services/media/domain/mulaw.h"

namespace latchkey::media {
namespace {

// A longer gap in the carrier's audio is a broken clock, not silence: a minute.
constexpr int64_t kGapMax = 60 * kSampleRateHz;
// Time stamps come in milliseconds and jitter; a smaller gap is none: 60 ms.
constexpr int64_t kJitterSamples = 480;

}  // namespace

void RecordingTrack::OnAudio(int64_t start, Audio audio, Mouth& mouth) {
  static constexpr auto kQuiet = [] {
    std::array<uint8_t, kPieceBytes> quiet{};
    for (uint8_t& byte : quiet) byte = kSilence;
    return quiet;
  }();
  if (recorder_ == nullptr) return;
  if (start - position_ > kGapMax) position_ = start;
  const bool gap_found = start - position_ > kJitterSamples;
  while (gap_found && position_ < start) {
    const size_t gap = std::min(kPieceBytes, static_cast<size_t>(start - position_));
    position_ += static_cast<int64_t>(gap);
    const std::span<uint8_t> agent(agent_.data(), gap);
    mouth.TakePlayed(agent, position_);
    recorder_->Write(Audio(kQuiet).first(gap), agent);
  }
  while (!audio.empty()) {
    const Audio piece = audio.first(std::min(audio.size(), kPieceBytes));
    audio = audio.subspan(piece.size());
    position_ += static_cast<int64_t>(piece.size());
    const std::span<uint8_t> agent(agent_.data(), piece.size());
    mouth.TakePlayed(agent, position_);
    recorder_->Write(piece, agent);
  }
}

}  // namespace latchkey::media
