#include "services/media/domain/playout.h"

#include <algorithm>

namespace latchkey::media {

void Playout::Begin() {
  // Marks and what is still being played belong to the utterance before.
  sent_ = 0;
  pending_count_ = 0;
}

void Playout::Sent(int64_t samples, int64_t now) {
  end_ = std::max(end_, now) + samples;
  sent_ += samples;
}

int64_t Playout::TakeMark() {
  const int64_t mark = next_mark_++;
  if (pending_count_ == kMarksMax) {
    first_ = (first_ + 1) % kMarksMax;
    --pending_count_;
  }
  pending_[(first_ + pending_count_) % kMarksMax] = {.mark = mark, .position = sent_};
  ++pending_count_;
  return mark;
}

void Playout::OnMark(int64_t mark, int64_t now) {
  while (pending_count_ > 0 && pending_[first_].mark <= mark) {
    // Everything up to here has been played, so that the rest ends no later than this.
    end_ = std::min(end_, now + sent_ - pending_[first_].position);
    first_ = (first_ + 1) % kMarksMax;
    --pending_count_;
  }
}

int64_t Playout::Position(int64_t now) const {
  return std::clamp<int64_t>(sent_ - (end_ - now), 0, sent_);
}

int64_t Playout::Heard(int64_t now) const {
  const int64_t estimate = Position(now);
  if (pending_count_ == 0 || Finished(now)) return estimate;
  const Pending& next = pending_[first_];
  // The next mark has not come back, so that the carrier has not come so far, unless it is lost.
  if (estimate - next.position > kMarkGraceSamples) return estimate;
  return std::min(estimate, next.position);
}

bool Playout::Finished(int64_t now) const {
  if (now < end_) return false;
  return pending_count_ == 0 || now - end_ > kMarkGraceSamples;
}

int64_t Playout::Clear(int64_t now) {
  const int64_t heard = Heard(now);
  end_ -= sent_ - heard;
  sent_ = heard;
  pending_count_ = 0;
  return heard;
}

}  // namespace latchkey::media
