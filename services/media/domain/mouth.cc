#include "services/media/domain/mouth.h"

#include <algorithm>
#include <cstring>

#include "lib/base/check.h"
#include "services/media/domain/mulaw.h"

namespace latchkey::media {
namespace {

constexpr size_t kRingBytes = 1 << 15;  // 4 s to begin with; a power of two.
// Carriers buffer ten minutes (Twilio 31931); no utterance comes near this. 2 min.
constexpr int64_t kAheadMax = 1 << 20;
// One message to the carrier: small enough to be cleared exactly, large enough to be cheap.
constexpr size_t kPieceBytes = 1'600;
// A mark for every 200 ms at most: the carrier sends each of them back.
constexpr int64_t kMarkEvery = 1'600;

}  // namespace

Mouth::Mouth() : ring_(kRingBytes) {}

void Mouth::Begin() {
  playout_.Begin();
  text_.Reset();
  context_base_ = 0;
  taken_ = 0;
  marked_ = 0;
}

void Mouth::Play(Audio audio, int64_t now) {
  Check(leg_ != nullptr, "nothing is played before the stream stands");
  if (text_.samples() == 0) start_ = now;
  while (!audio.empty()) {
    const Audio piece = audio.first(std::min(audio.size(), kPieceBytes));
    audio = audio.subspan(piece.size());
    Keep(piece);
    leg_->Play(piece);
    playout_.Sent(static_cast<int64_t>(piece.size()), now);
    text_.AddAudio(static_cast<int64_t>(piece.size()));
  }
  if (playout_.sent() - marked_ >= kMarkEvery) SetMark();
}

void Mouth::SetMark() {
  marked_ = playout_.sent();
  leg_->Mark(playout_.TakeMark());
}

void Mouth::End() {
  text_.Complete();
  if (leg_ != nullptr && playout_.sent() > marked_) SetMark();
}

void Mouth::Keep(Audio audio) {
  const int64_t waiting = playout_.sent() - taken_;
  const int64_t needed = waiting + static_cast<int64_t>(audio.size());
  if (needed > kAheadMax) return;
  if (needed > static_cast<int64_t>(ring_.size())) {
    std::vector<uint8_t> larger(ring_.size() * 2);
    for (int64_t i = taken_; i < playout_.sent(); ++i) {
      const auto at = static_cast<size_t>(i);
      larger[at % larger.size()] = ring_[at % ring_.size()];
    }
    ring_.swap(larger);
  }
  const size_t begin = static_cast<size_t>(playout_.sent()) % ring_.size();
  const size_t first = std::min(audio.size(), ring_.size() - begin);
  std::memcpy(ring_.data() + begin, audio.data(), first);
  std::memcpy(ring_.data(), audio.data() + first, audio.size() - first);
}

void Mouth::Hush(int64_t now) {
  leg_->Clear();
  playout_.Clear(now);
}

void Mouth::TakePlayed(std::span<uint8_t> track, int64_t now) {
  std::fill(track.begin(), track.end(), kSilence);
  const auto length = static_cast<int64_t>(track.size());
  const int64_t until = std::max(taken_, playout_.Position(now));
  // What does not fit was lost to a gap in the carrier's stream.
  const int64_t from = std::max(taken_, until - length);
  // Where the utterance ended within this track, its last sample is not the track's last.
  const int64_t late = std::clamp<int64_t>(now - playout_.end(), 0, length - (until - from));
  for (int64_t i = from; i < until; ++i) {
    const auto at = static_cast<size_t>(i);
    track[static_cast<size_t>(length - late - (until - i))] = ring_[at % ring_.size()];
  }
  taken_ = until;
}

}  // namespace latchkey::media
