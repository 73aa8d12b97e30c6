#include "services/media/domain/speaker.h"

#include <algorithm>
#include <utility>

namespace latchkey::media {
namespace {

// Cartesia's own figures: first chunk, and the gap between two (providers' timing).
constexpr absl::Duration kFirstAudioWait = absl::Seconds(3);
constexpr absl::Duration kNextAudioWait = absl::Seconds(5);
// A pause in the middle of a sentence that nobody takes for a breath.
constexpr absl::Duration kGapMax = absl::Seconds(2);
// All has been spoken and heard, but for TTS's word that it has: it is not waited for.
constexpr absl::Duration kDoneWait = absl::Milliseconds(300);
// While it rings: a connection is made, and a sentence spoken.
constexpr absl::Duration kPreparedWait = absl::Seconds(6);

int64_t ToSamples(absl::Duration time) { return absl::ToInt64Microseconds(time) / 125; }

}  // namespace

Speaker::Speaker(TextToSpeech& tts, const Clock& clock, PhoneLine& line, Owner& owner)
    : tts_(tts), clock_(clock), line_(line), owner_(owner), mouth_(line.mouth()) {}

void Speaker::Prepare(std::string_view greeting, std::string_view apology,
                      std::string_view filler) {
  greeting_.text = greeting;
  greeting_.done = greeting.empty();
  apology_.text = apology;
  filler_.text = filler;
  tts_.Start(*this);
  AskForMissing();
}

// One at a time: the smallest accounts speak two contexts at once.
void Speaker::AskForMissing() {
  prepared_deadline_ = absl::InfiniteFuture();
  for (Prepared* prepared : {&greeting_, &apology_, &filler_}) {
    if (!prepared->done) return Ask(*prepared);
  }
}

void Speaker::Ask(Prepared& prepared) {
  prepared_deadline_ = clock_.Now() + kPreparedWait;
  if (prepared.context != 0) return;
  prepared.context = next_context_++;
  prepared.audio.clear();
  prepared.words.clear();
  tts_.Speak(prepared.context, prepared.text, true);
}

void Speaker::Begin() {
  mouth_.Begin();
  context_ = next_context_++;
  sounding_ = false;
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
  if (last || !sounding_) ExpectAudio();
}

void Speaker::ExpectAudio() {
  const absl::Duration wait =
      sounding_ ? std::min(kNextAudioWait, LeftToHear() + kGapMax) : kFirstAudioWait;
  deadline_ = clock_.Now() + wait;
}

absl::Duration Speaker::LeftToHear() const {
  return ToDuration(std::max<int64_t>(0, mouth_.end() - position()));
}

bool Speaker::AllSpoken() const { return mouth_.Unspoken().empty() && kept_.empty(); }

absl::Duration Speaker::silent_for() const {
  const int64_t samples = position() - mouth_.end();
  if (!started() || held_ || samples <= 0 || !AllSpoken()) return absl::ZeroDuration();
  return ToDuration(samples);
}

bool Speaker::PlayGreeting() {
  if (greeting_.text.empty()) return false;
  Begin();
  Take(greeting_);
  return true;
}

bool Speaker::PlayApology() {
  if (!line_.open() || !apology_.done || apology_.audio.empty()) return false;
  Begin();
  Take(apology_);
  return true;
}

bool Speaker::PlayFiller() {
  if (!line_.open() || held_ || spoken_ || filler_.audio.empty() || !filler_.done) return false;
  if (!mouth_.text().empty()) return false;
  mouth_.AddText(filler_.text + " ");
  for (const Prepared::Word& word : filler_.words) mouth_.AddWord(word.text, word.end);
  Play(filler_.audio);
  mouth_.ChangeContext();
  return true;
}

void Speaker::PlayTones(Audio tones) {
  Begin();
  Play(tones);
  SayNothing();
}

void Speaker::SayNothing() {
  complete_ = true;
  spoken_ = true;
  held_ = false;
  deadline_ = absl::InfiniteFuture();
  mouth_.End();
}

void Speaker::Take(Prepared& prepared) {
  mouth_.AddText(prepared.text);
  complete_ = true;
  for (const Prepared::Word& word : prepared.words) mouth_.AddWord(word.text, word.end);
  if (prepared.context != 0 || prepared.done) context_ = prepared.context;
  sounding_ = !prepared.audio.empty();
  if (sounding_) Play(prepared.audio);
  prepared.audio.clear();
  if (prepared.done) {
    OnSpeechDone(context_);
  } else {
    ExpectAudio();
  }
}

void Speaker::Play(Audio audio) {
  const absl::Time now = clock_.Now();
  if (first_byte_ == absl::InfinitePast()) first_byte_ = now;
  mouth_.Play(audio, line_.Now());
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
  Prepared* const unfinished = FindPrepared(context_);
  if (context_ != 0 && !spoken_) tts_.Cancel(context_);
  if (sounding_) Recover();
  if (started()) mouth_.Hush(position());
  context_ = 0;
  complete_ = true;
  spoken_ = true;
  held_ = false;
  kept_.clear();
  deadline_ = absl::InfiniteFuture();
  if (unfinished == nullptr) return;
  unfinished->done = true;  // Nothing follows for it, and what is prepared next need not wait.
  AskForMissing();
}

bool Speaker::finished() const {
  return complete_ && spoken_ && !held_ && mouth_.Finished(position());
}

void Speaker::Tick(absl::Time now) {
  if (now >= retry_at_) Again();
  const bool unsaid = complete_ && !spoken_ && sounding_ && retry_at_ == absl::InfiniteFuture();
  if (unsaid && silent_for() > kDoneWait) OnSpeechDone(context_);
  if (now < deadline_ && now < prepared_deadline_) return;
  deadline_ = absl::InfiniteFuture();
  prepared_deadline_ = absl::InfiniteFuture();
  slow_ = true;
  tts_.Break();
}

void Speaker::Stop() {
  retry_at_ = absl::InfiniteFuture();
  deadline_ = absl::InfiniteFuture();
  prepared_deadline_ = absl::InfiniteFuture();
  tts_.Stop();
}

Speaker::Prepared* Speaker::FindPrepared(int context) {
  for (Prepared* prepared : {&greeting_, &apology_, &filler_}) {
    if (context == prepared->context && !prepared->done) return prepared;
  }
  return nullptr;
}

void Speaker::OnSpeech(int context, Audio audio) {
  down_ = false;
  if (context == context_ && !spoken_) {
    sounding_ = true;
    deadline_ = absl::InfiniteFuture();
    PlayOrKeep(audio);
    if (complete_) ExpectAudio();
  } else if (Prepared* prepared = FindPrepared(context)) {
    prepared_deadline_ = clock_.Now() + kPreparedWait;
    prepared->audio.insert(prepared->audio.end(), audio.begin(), audio.end());
  }
}

void Speaker::Recover() {
  if (const std::optional<absl::Status> from = policy_.Recovered()) {
    owner_.OnRecovered(Party::kTextToSpeech, *from);
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
  Prepared* prepared = FindPrepared(context);
  if (prepared != nullptr) prepared->done = true;
  // Not before: a sentence that breaks twice is lost.
  if (context == context_ || prepared != nullptr) Recover();
  // TTS has not waited for the rest: what follows is a context of its own.
  if (context == context_ && !complete_) return ChangeContext();
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
  prepared_deadline_ = absl::InfiniteFuture();
  if (const std::optional<absl::Duration> delay = policy_.RetryAfter(why)) {
    retry_at_ = clock_.Now() + *delay;
  } else {
    retry_at_ = absl::InfiniteFuture();
    owner_.OnLost(Party::kTextToSpeech, why);
  }
}

void Speaker::Again() {
  retry_at_ = absl::InfiniteFuture();
  const bool lost = std::exchange(down_, false);
  if (lost) tts_.Start(*this);
  const bool speaking = context_ != 0 && !spoken_;
  if (speaking && greeting_.context == context_) greeting_.done = true;
  for (Prepared* prepared : {&greeting_, &apology_, &filler_}) {
    if (!prepared->done && (lost || !speaking)) prepared->context = 0;
  }
  if (!speaking) return AskForMissing();
  ChangeContext();
  const std::string rest = mouth_.Unspoken();
  if (rest.empty() && complete_) return OnSpeechDone(context_);
  tts_.Speak(context_, rest, complete_);
  ExpectAudio();
}

void Speaker::ChangeContext() {
  context_ = next_context_++;
  sounding_ = false;
  deadline_ = absl::InfiniteFuture();
  mouth_.ChangeContext();
}

}  // namespace latchkey::media
