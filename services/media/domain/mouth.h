// Mouth: speaks one utterance at a time to the carrier, and knows what was heard of it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "services/media/domain/playout.h"
#include "services/media/domain/ports.h"
#include "services/media/domain/spoken_text.h"

namespace latchkey::media {

// Every `now` is a position on the carrier's clock (CarrierClock).
class Mouth {
 public:
  Mouth();

  // The stream stands; before this, nothing can be played.
  void Attach(CarrierLeg& leg) { leg_ = &leg; }

  // A new utterance. The one before has been heard or hushed.
  void Begin();

  void AddText(std::string_view piece) { text_.AddPiece(piece); }
  // `end` counts from the first sample of the TTS context that speaks now.
  void AddWord(std::string_view word, int64_t end) { text_.AddWord(word, context_base_ + end); }
  // From here on another TTS context speaks the utterance.
  void ChangeContext() { context_base_ = text_.samples(); }
  void Play(Audio audio, int64_t now);
  // The utterance is complete: nothing is added to it any more.
  void End();

  // All that was played has been heard.
  bool Finished(int64_t now) const { return playout_.Finished(now); }
  bool started() const { return text_.samples() > 0; }
  // Where on the carrier's clock the last of what was played will have been heard.
  int64_t end() const { return playout_.end(); }
  // Where on the carrier's clock its first sample was played.
  int64_t start() const { return start_; }

  // Stops at once. What was heard and what was not are known from then on.
  void Hush(int64_t now);

  // Of the utterance: how many samples, and where on the carrier's clock the last of them stands.
  int64_t HeardSamples(int64_t now) const { return playout_.Heard(now); }
  int64_t HeardUntil(int64_t now) const { return std::max(start_, playout_.HeardUntil(now)); }
  std::string Heard(int64_t now) const { return text_.Heard(playout_.Heard(now)); }
  std::string Unheard(int64_t now) const { return text_.Unheard(playout_.Heard(now)); }
  std::string Unspoken() const { return text_.Unspoken(); }
  const std::string& text() const { return text_.text(); }

  void OnMark(int64_t mark, int64_t now) { playout_.OnMark(mark, now); }

  // For the recording: fills `track` with what the callee heard of the agent in the samples that
  // end at `now`. Each sample is given once.
  void TakePlayed(std::span<uint8_t> track, int64_t now);

 private:
  void Keep(Audio audio);
  void SetMark();

  CarrierLeg* leg_ = nullptr;
  Playout playout_;
  SpokenText text_;
  int64_t context_base_ = 0;
  int64_t start_ = 0;
  int64_t marked_ = 0;  // Up to where marks have been set.
  // What was sent and not yet taken: a ring that grows to the longest utterance and stays so.
  std::vector<uint8_t> ring_;
  int64_t taken_ = 0;
};

}  // namespace latchkey::media
