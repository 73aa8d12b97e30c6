#include "services/media/domain/speaker.h"

#include <utility>

namespace latchkey::media {
namespace {

// Cartesia's own figures: connect, first chunk, and the gap between two (providers' timing).
constexpr absl::Duration kFirstAudioWait = absl::Seconds(3);
constexpr absl::Duration kNextAudioWait = absl::Seconds(5);
constexpr absl::Duration kRetryDelay = absl::Milliseconds(200);

int64_t ToSamples(absl::Duration time) { return absl::ToInt64Microseconds(time) / 125; }

}  // namespace

Speaker::Speaker(TextToSpeech& tts, const Clock& clock, const CarrierClock& carrier_clock,
                 Owner& owner)
    : tts_(tts), clock_(clock), carrier_clock_(carrier_clock), owner_(owner) {}

void Speaker::Prepare(std::string_view greeting, std::string_view apology) {
  greeting_.text = greeting;
  greeting_.done = greeting.empty();
  apology_.text = apology;
  tts_.Start(*this);
  AskForMissing();
}

// One at a time: the smallest accounts speak two contexts at once.
void Speaker::AskForMissing() {
  if (!greeting_.done) {
    Ask(greeting_);
  } else if (!apology_.done) {
    Ask(apology_);
  }
}

void Speaker::Ask(Prepared& prepared) {
  if (prepared.context != 0) return;
  prepared.context = next_context_++;
  prepared.audio.clear();
  prepared.words.clear();
  tts_.Speak(prepared.context, prepared.text, true);
}

void Speaker::Attach(CarrierLeg& leg) {
  mouth_.Attach(leg);
  attached_ = true;
}

void Speaker::Begin() {
  mouth_.Begin();
  context_ = next_context_++;
  complete_ = false;
  spoken_ = false;
  held_ = false;
  kept_.clear();
  deadline_ = absl::InfiniteFuture();
  first_byte_ = absl::InfinitePast();
  first_frame_ = absl::InfinitePast();
}

void Speaker::Say(std::string_view piece, bool last) {
  mouth_.AddText(piece);
  complete_ = last;
  if (down_ || retry_at_ != absl::InfiniteFuture()) return;  // Again() will say it all.
  tts_.Speak(context_, piece, last);
  if (!started()) ExpectAudio(kFirstAudioWait);
}

void Speaker::ExpectAudio(absl::Duration within) { deadline_ = clock_.Now() + within; }

bool Speaker::PlayGreeting() {
  if (greeting_.text.empty()) return false;
  Begin();
  Take(greeting_);
  return true;
}

bool Speaker::PlayApology() {
  if (!attached_ || !apology_.done || apology_.audio.empty()) return false;
  Begin();
  Take(apology_);
  return true;
}

void Speaker::Take(Prepared& prepared) {
  mouth_.AddText(prepared.text);
  complete_ = true;
  for (const Prepared::Word& word : prepared.words) mouth_.AddWord(word.text, word.end);
  if (prepared.context != 0 || prepared.done) context_ = prepared.context;
  if (!prepared.audio.empty()) Play(prepared.audio);
  prepared.audio.clear();
  if (prepared.done) {
    OnSpeechDone(context_);
  } else {
    ExpectAudio(kFirstAudioWait);
  }
}

void Speaker::Play(Audio audio) {
  const absl::Time now = clock_.Now();
  if (first_byte_ == absl::InfinitePast()) first_byte_ = now;
  mouth_.Play(audio, carrier_clock_.Now(now));
  if (first_frame_ == absl::InfinitePast()) first_frame_ = clock_.Now();
}

void Speaker::Hold() {
  if (!started()) held_ = true;
}

void Speaker::Release() {
  if (!held_) return;
  held_ = false;
  if (!kept_.empty()) Play(kept_);
  kept_.clear();
  if (spoken_) mouth_.End();
}

void Speaker::PlayOrKeep(Audio audio) {
  if (first_byte_ == absl::InfinitePast()) first_byte_ = clock_.Now();
  if (held_) {
    kept_.insert(kept_.end(), audio.begin(), audio.end());
  } else {
    Play(audio);
  }
}

void Speaker::Hush() {
  if (context_ != 0 && !spoken_) tts_.Cancel(context_);
  if (started()) mouth_.Hush(position());
  context_ = 0;
  complete_ = true;
  spoken_ = true;
  held_ = false;
  kept_.clear();
  deadline_ = absl::InfiniteFuture();
}

bool Speaker::finished() const {
  return complete_ && spoken_ && !held_ && mouth_.Finished(position());
}

void Speaker::Tick(absl::Time now) {
  if (now >= retry_at_) Again();
  if (now < deadline_) return;
  deadline_ = absl::InfiniteFuture();
  slow_ = true;
  tts_.Break();
}

void Speaker::Stop() {
  retry_at_ = absl::InfiniteFuture();
  deadline_ = absl::InfiniteFuture();
  tts_.Stop();
}

Speaker::Prepared* Speaker::FindPrepared(int context) {
  if (context == greeting_.context && !greeting_.done) return &greeting_;
  if (context == apology_.context && !apology_.done) return &apology_;
  return nullptr;
}

void Speaker::OnSpeech(int context, Audio audio) {
  down_ = false;
  if (const std::optional<absl::Status> from = policy_.Recovered()) {
    owner_.OnRecovered(Party::kTextToSpeech, *from);
  }
  if (context == context_ && !spoken_) {
    deadline_ = absl::InfiniteFuture();
    PlayOrKeep(audio);
    if (complete_) ExpectAudio(kNextAudioWait);
  } else if (Prepared* prepared = FindPrepared(context)) {
    prepared->audio.insert(prepared->audio.end(), audio.begin(), audio.end());
  }
}

void Speaker::OnWord(int context, const SpokenWord& word) {
  if (context == context_) {
    mouth_.AddWord(word.text, ToSamples(word.end));
  } else if (Prepared* prepared = FindPrepared(context)) {
    prepared->words.push_back({.text = std::string(word.text), .end = ToSamples(word.end)});
  }
}

void Speaker::OnSpeechDone(int context) {
  if (Prepared* prepared = FindPrepared(context)) prepared->done = true;
  if (context == context_) {
    spoken_ = true;
    deadline_ = absl::InfiniteFuture();
    if (!held_) mouth_.End();
  }
  AskForMissing();
}

void Speaker::OnSpeechFailed(int context, const absl::Status& why) {
  if (context == context_ ? !spoken_ : FindPrepared(context) != nullptr) Fail(why);
}

void Speaker::OnTextToSpeechDown(const absl::Status& why) {
  down_ = true;
  const bool slow = std::exchange(slow_, false);
  Fail(slow ? ClassifyFailure(Party::kTextToSpeech, 504, "") : why);
}

void Speaker::Fail(const absl::Status& why) {
  deadline_ = absl::InfiniteFuture();
  if (policy_.MayRetry(why)) {
    retry_at_ = clock_.Now() + kRetryDelay;
  } else {
    retry_at_ = absl::InfiniteFuture();
    owner_.OnLost(Party::kTextToSpeech, why);
  }
}

void Speaker::Again() {
  retry_at_ = absl::InfiniteFuture();
  if (down_) tts_.Start(*this);
  down_ = false;
  if (context_ != 0 && !spoken_) {
    if (greeting_.context == context_) greeting_.done = true;
    context_ = next_context_++;
    mouth_.ChangeContext();
    const std::string rest = mouth_.Unspoken();
    if (rest.empty() && complete_) return OnSpeechDone(context_);
    tts_.Speak(context_, rest, complete_);
    ExpectAudio(kFirstAudioWait);
    return;
  }
  if (!greeting_.done) greeting_.context = 0;
  if (!apology_.done) apology_.context = 0;
  AskForMissing();
}

}  // namespace latchkey::media
