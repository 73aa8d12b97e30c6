#include "sandbox/callee/callee_phone.h"

#include <algorithm>

#include "sandbox/callee/wav.h"

namespace latchkey::sandbox {

CalleePhone::CalleePhone(const Callee& callee, LineAudio audio)
    : script_(callee.lines), audio_(std::move(audio)) {}

CalleePhone::Answer CalleePhone::OnFrame(const Frame& heard, bool played) {
  const bool agent_loud = VoiceDetector::IsLoud(heard);
  const bool agent_speaks = agent_detector_.OnFrame(heard) && agent_loud;
  const CalleeLine* const line = script_.OnFrame(agent_speaks, line_ != nullptr);

  Answer answer;
  if (line != nullptr) {
    answer.hangs_up = line->hang_up;
    answer.pressed = line->press;
    const auto audio = audio_.find(line->say);
    if (audio != audio_.end()) {
      line_ = audio->second;
      line_position_ = 0;
    }
  }
  answer.said = NextSaid();
  judge_.OnFrame(played, agent_loud, VoiceDetector::IsLoud(answer.said));
  Record(answer.said, heard);
  return answer;
}

Frame CalleePhone::NextSaid() {
  Frame frame = SilentFrame();
  if (line_ == nullptr) return frame;
  const std::vector<uint8_t>& samples = line_->mulaw;
  const size_t count = std::min(frame.size(), samples.size() - line_position_);
  std::copy_n(samples.begin() + static_cast<ptrdiff_t>(line_position_), count, frame.begin());
  line_position_ += count;
  if (line_position_ == samples.size()) line_ = nullptr;
  return frame;
}

void CalleePhone::Record(const Frame& said, const Frame& heard) {
  if (judge_.position() > kRecordedMax) return;
  for (size_t i = 0; i < said.size(); ++i) {
    recorded_.push_back(said[i]);
    recorded_.push_back(heard[i]);
  }
}

std::string CalleePhone::Recording() const { return StereoMulawWav(recorded_); }

}  // namespace latchkey::sandbox
