#include "services/media/domain/endpointer.h"

namespace latchkey::media {

Endpointer::Decision Endpointer::OnFrame(bool voiced, absl::Duration frame) {
  if (voiced) {
    heard_speech_ = true;
    silence_ = absl::ZeroDuration();
    return Decision::kListening;
  }
  silence_ += frame;
  if (!heard_speech_ || silence_ < pause_) return Decision::kListening;
  heard_speech_ = false;
  return Decision::kEndOfTurn;
}

void Endpointer::Reset() {
  heard_speech_ = false;
  silence_ = absl::ZeroDuration();
}

}  // namespace latchkey::media
