// Speaker: what the agent says, on its way from text over TTS to the callee.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "services/media/domain/failure_policy.h"
#include "services/media/domain/phone_line.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

// Speaks one utterance at a time. Before the callee answers it has the first message, the apology
// and the filler synthesised. When TTS breaks, or is slower than it is listened to, what has no
// audio yet is spoken again, once, in another context.
class Speaker final : public TextToSpeech::Listener {
 public:
  // What the speaker cannot decide alone.
  class Owner {
   public:
    virtual ~Owner() = default;
    virtual void OnRecovered(Party party, const absl::Status& from) = 0;
    virtual void OnLost(Party party, const absl::Status& why) = 0;
  };

  Speaker(TextToSpeech& tts, const Clock& clock, PhoneLine& line, Owner& owner);

  // While it rings. An empty greeting is not spoken.
  void Prepare(std::string_view greeting, std::string_view apology, std::string_view filler);

  // A new utterance; then its pieces. `last`: nothing follows.
  void Begin();
  void Say(std::string_view piece, bool last);
  // Instead of Begin and Say. False: there is no such audio.
  bool PlayGreeting();
  bool PlayApology();
  // Instead of Begin and Say: `tones` as they are.
  void PlayTones(Audio tones);
  // Instead of Say: nothing (more) is said in this utterance.
  void SayNothing();
  // In front of an utterance whose first piece is not there yet. False: not now, or no such audio.
  bool PlayFiller();

  // Keeps the utterance back while the callee is still speaking, if nothing of it was played yet.
  void Hold();
  void Release();
  bool held() const { return held_; }

  // Stops speaking, at once and for good. Heard() and Unheard() hold until the next utterance.
  void Hush();
  // Retries and deadlines.
  void Tick(absl::Time now);
  void Stop();

  bool started() const { return first_frame_ != absl::InfinitePast(); }
  // Everything has been spoken and heard.
  bool finished() const;
  // How long the callee has heard nothing although all that was given has been spoken.
  absl::Duration silent_for() const;
  std::string Heard() const { return mouth_.Heard(position()); }
  std::string Unheard() const { return mouth_.Unheard(position()); }
  // Where on the carrier's clock the utterance begins, and how far it was heard.
  int64_t start() const { return mouth_.start(); }
  int64_t heard_until() const { return mouth_.HeardUntil(position()); }
  // Of this utterance; InfinitePast: not yet.
  absl::Time first_byte() const { return first_byte_; }
  absl::Time first_frame() const { return first_frame_; }

  void OnSpeech(int context, Audio audio) override;
  void OnWord(int context, const SpokenWord& word) override;
  void OnSpeechDone(int context) override;
  void OnSpeechFailed(int context, const absl::Status& why) override;
  void OnTextToSpeechDown(const absl::Status& why) override;

 private:
  // Speech that is made before it is needed.
  struct Prepared {
    struct Word {
      std::string text;
      int64_t end = 0;
    };
    std::string text;
    int context = 0;  // 0: not asked for yet.
    std::vector<uint8_t> audio;
    std::vector<Word> words;
    bool done = false;
  };

  int64_t position() const { return line_.Now(); }
  void Ask(Prepared& prepared);
  void AskForMissing();
  Prepared* FindPrepared(int context);
  void Fail(const absl::Status& why);
  void Again();
  void ChangeContext();
  void Play(Audio audio);
  void Take(Prepared& prepared);
  void Recover();
  void ExpectAudio();
  absl::Duration LeftToHear() const;
  bool AllSpoken() const;
  void PlayOrKeep(Audio audio);

  TextToSpeech& tts_;
  const Clock& clock_;
  PhoneLine& line_;
  Owner& owner_;
  Mouth& mouth_;
  FailurePolicy policy_{Party::kTextToSpeech};
  Prepared greeting_;
  Prepared apology_;
  Prepared filler_;
  bool down_ = false;
  bool slow_ = false;  // The connection was given up, because nothing came.
  int next_context_ = 1;
  int context_ = 0;        // That speaks the utterance; 0: none.
  bool sounding_ = false;  // It has given audio.
  bool complete_ = true;   // Its last piece has been given.
  bool spoken_ = true;     // All of its audio is there.
  bool held_ = false;
  std::vector<uint8_t> kept_;  // Its audio while it is held.
  absl::Time retry_at_ = absl::InfiniteFuture();
  absl::Time deadline_ = absl::InfiniteFuture();           // Of the utterance.
  absl::Time prepared_deadline_ = absl::InfiniteFuture();  // Of what is being prepared.
  absl::Time first_byte_ = absl::InfinitePast();
  absl::Time first_frame_ = absl::InfinitePast();
};

}  // namespace latchkey::media
