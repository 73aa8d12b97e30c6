// CalleePhone: a simulated person with a telephone: hears a frame, says a frame.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sandbox/callee/call_judge.h"
#include "sandbox/callee/callee_script.h"
#include "sandbox/scenario/scenario.h"
#include "sandbox/speech/frame.h"
#include "sandbox/speech/synthesizer.h"

namespace latchkey::sandbox {

// What each line sounds like. Shared with the synthesizer's cache.
using LineAudio = std::map<std::string, std::shared_ptr<const Speech>>;

// From the answer to the hang-up. The callee understands nothing: it follows its script by whether
// the agent can be heard. Records both sides, sample by sample.
class CalleePhone {
 public:
  struct Answer {
    Frame said = SilentFrame();
    std::string pressed;  // A DTMF digit.
    bool hangs_up = false;
  };

  // `audio` has every line that `callee` says.
  CalleePhone(const Callee& callee, LineAudio audio);

  // Called every 20 ms with what the earpiece plays now; `played` is false for silence because
  // there was nothing to play.
  Answer OnFrame(const Frame& heard, bool played);

  Judgement Judge() const { return judge_.Judge(); }
  absl::Duration position() const { return judge_.position(); }

  // A stereo WAV, 8000 Hz, mu-law: the callee left, the agent right. At most the first
  // kRecordedMax of the call.
  std::string Recording() const;
  void ForgetRecording() { recorded_.clear(); }
  static constexpr absl::Duration kRecordedMax = absl::Minutes(3);

 private:
  Frame NextSaid();
  void Record(const Frame& said, const Frame& heard);

  CalleeScript script_;
  const LineAudio audio_;
  VoiceDetector agent_detector_;
  CallJudge judge_;
  std::shared_ptr<const Speech> line_;  // Being said, from `line_position_` on.
  size_t line_position_ = 0;
  std::vector<uint8_t> recorded_;  // Left and right, alternating.
};

}  // namespace latchkey::sandbox
