#include "services/media/domain/phone_line.h"

namespace latchkey::media {
namespace {

constexpr absl::Duration kStreamWait = absl::Seconds(6);

}  // namespace

void PhoneLine::Open() {
  open_time_ = clock_.Now();
  heard_from_ = open_time_;
  carrier_clock_.Start(open_time_);
  mouth_.Attach(leg_);
}

void PhoneLine::OnAudio(int64_t start, Audio audio) {
  heard_from_ = clock_.Now();
  carrier_clock_.OnAudio(start + static_cast<int64_t>(audio.size()), heard_from_);
  recording_.OnAudio(start, audio, mouth_);
}

void PhoneLine::OnMark(int64_t mark) {
  heard_from_ = clock_.Now();
  mouth_.OnMark(mark, Now());
}

bool PhoneLine::dead() const { return clock_.Now() - heard_from_ >= kStreamWait; }

}  // namespace latchkey::media
