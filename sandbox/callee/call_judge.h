// CallJudge: measures a call at the callee's ear. What the tests and the benchmarks believe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"

namespace latchkey::sandbox {

// All times are counted from the answer, in audio that was really played.
struct Spoken {
  // An aside is no turn: a murmur, a cough, a key's tone.
  enum class Who { kAgent, kCallee, kAside };

  Who who;
  absl::Duration start;  // Of the first loud frame.
  absl::Duration end;    // Of the last one.
};

struct Judgement {
  std::vector<Spoken>
      speech;                // In order of their starts. Pauses up to kPauseMax do not divide one.
  int64_t frames_heard = 0;  // Frames of the agent's audio that were played, silent ones included.
  std::optional<absl::Duration> first_word;  // The first loud frame of the agent's.
  // From the end of each of the callee's speeches to the agent's next one.
  std::vector<absl::Duration> voice_to_voice;
  // From the callee's first loud frame, over the agent, to the last loud frame of the agent's.
  std::vector<absl::Duration> barge_in;
};

// Fed with every frame since the answer. Lives on one thread.
class CallJudge {
 public:
  static constexpr absl::Duration kPauseMax = absl::Milliseconds(700);

  // `played`: the agent had audio for this frame. `callee_loud`: words of a turn are.
  void OnFrame(bool played, bool agent_loud, bool callee_loud, bool aside_loud = false);

  Judgement Judge() const;
  absl::Duration position() const;
  // Who was loud in the last frame, if anybody was; the callee when both were.
  std::optional<Spoken::Who> speaks_now() const { return speaks_now_; }

 private:
  void Note(Spoken::Who who);

  std::vector<Spoken> speech_;
  int64_t frames_ = 0;
  int64_t frames_heard_ = 0;
  std::optional<Spoken::Who> speaks_now_;
};

// "agent", "callee", "aside"
std::string_view Name(Spoken::Who who);

// {"first_word_ms":…,"frames_heard":…,"speech":[{"who":"agent","start_ms":…,"end_ms":…}],
//  "voice_to_voice_ms":[…],"barge_in_ms":[…]}
std::string ToJson(const Judgement& judgement);

}  // namespace latchkey::sandbox
