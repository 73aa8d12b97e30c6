// CalleePhone: a simulated person with a telephone: hears a frame, says a frame.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "sandbox/callee/call_judge.h"
#include "sandbox/callee/callee_mouth.h"
#include "sandbox/callee/callee_script.h"
#include "sandbox/callee/ear_recording.h"
#include "sandbox/callee/heard_log.h"
#include "sandbox/callee/murmuring.h"
#include "sandbox/scenario/scenario.h"
#include "sandbox/speech/frame.h"
#include "sandbox/speech/line_noise.h"
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
    std::string pressed;  // DTMF digits whose keys went down in this frame.
    bool hangs_up = false;
  };

  // `audio` has every sentence of `callee`'s.
  CalleePhone(const Callee& callee, LineAudio audio);

  // Called every 20 ms with what the earpiece plays now. `played` samples of it are the agent's: 0
  // when there was nothing to play.
  Answer OnFrame(const Frame& heard, int played);

  const std::string& about() const { return about_; }
  const CallJudge& judge() const { return judge_; }
  Judgement Judge() const { return judge_.Judge(); }
  absl::Duration position() const { return judge_.position(); }

  // What was really played, written by the carrier's playout buffer.
  HeardLog& heard() { return heard_; }
  const HeardLog& heard() const { return heard_; }

  // Empty for a callee who does not record.
  const EarRecording& recording() const { return recording_; }
  void ForgetRecording() { recording_.Forget(); }

 private:
  std::shared_ptr<const Speech> Sound(const std::string& sentence) const;
  bool Hears(const Frame& agent) const;

  const std::string about_;
  const bool records_;
  CalleeScript script_;
  const LineAudio audio_;
  const std::optional<LineNoise> noise_;
  std::shared_ptr<const Speech> murmur_;
  Murmuring murmuring_;
  CalleeMouth mouth_;
  VoiceDetector agent_detector_;
  CallJudge judge_;
  HeardLog heard_;
  EarRecording recording_;
};

}  // namespace latchkey::sandbox
