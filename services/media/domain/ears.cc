#include "services/media/domain/ears.h"

#include <algorithm>

namespace latchkey::media {
namespace {

// Longer than Deepgram's endpointing (300 ms) and its delay, so that it speaks first.
constexpr absl::Duration kPause = absl::Milliseconds(700);
// What STT has not made final by then is taken as it stands (its Finalize may stay unanswered).
constexpr absl::Duration kFinalizeWait = absl::Milliseconds(900);
// Deepgram answers a Finalize within half a second, if it answers.
constexpr absl::Duration kDeafWait = absl::Seconds(2);
constexpr absl::Duration kForgotten = absl::Seconds(3);

}  // namespace

Ears::Ears() : endpointer_(kPause) {}

Ears::Heard Ears::OnAudio(Audio audio, int64_t end, absl::Time now) {
  unrecognised_.Keep(audio);
  const VoiceDetector::Result sound = detector_.Hear(audio);
  if (sound.voiced) {
    last_voice_ = now;
    last_voice_end_ = end;
    commit_at_ = absl::InfiniteFuture();
    wordless_ = false;
  }
  if (sound.onset && !has_words()) start_ = end - static_cast<int64_t>(audio.size());
  const absl::Duration length = ToDuration(static_cast<int64_t>(audio.size()));
  const bool ended = endpointer_.OnFrame(sound.voiced, length) == Endpointer::Decision::kEndOfTurn;
  spoke_ = spoke_ || sound.sustained;
  if (ended) commit_at_ = now + kFinalizeWait;
  if (ended && spoke_) deaf_at_ = std::min(deaf_at_, now + kDeafWait);
  return {.sustained = sound.sustained, .finalize = ended};
}

std::optional<CalleeTurn> Ears::OnTranscript(std::string_view text, bool final, bool ended) {
  HearFromStt();
  if (!final) {
    interim_ = text;
    return std::nullopt;
  }
  interim_.clear();
  unrecognised_.Clear();
  if (!text.empty()) {
    if (!finals_.empty()) finals_ += ' ';
    finals_ += text;
  }
  if (!ended) return std::nullopt;
  wordless_ = finals_.empty() && !speaking();
  return TakeTurn();
}

std::optional<CalleeTurn> Ears::OnUtteranceEnd() {
  HearFromStt();
  return TakeTurn();
}

void Ears::HearFromStt() {
  spoke_ = false;
  deaf_at_ = absl::InfiniteFuture();
}

bool Ears::TakeDeafness(absl::Time now) {
  if (now < deaf_at_) return false;
  HearFromStt();
  return true;
}

std::optional<CalleeTurn> Ears::OnTick(absl::Time now) {
  // Words that came so late that nothing else will end them.
  const bool forgotten = has_words() && now - last_voice_ > kForgotten;
  if (now < commit_at_ && !forgotten) return std::nullopt;
  if (!interim_.empty()) {
    if (!finals_.empty()) finals_ += ' ';
    finals_ += interim_;
    interim_.clear();
  }
  return TakeTurn();
}

std::optional<CalleeTurn> Ears::TakeTurn() {
  commit_at_ = absl::InfiniteFuture();
  if (finals_.empty()) return std::nullopt;
  endpointer_.Reset();
  CalleeTurn turn{.text = std::move(finals_),
                  .start = std::min(start_, last_voice_end_),
                  .end = last_voice_end_,
                  .end_of_speech = last_voice_};
  finals_.clear();
  interim_.clear();
  return turn;
}

}  // namespace latchkey::media
