// TurnLatency: where the time between the callee's last word and the agent's first went.
#pragma once

#include <optional>

#include "absl/time/time.h"
#include "services/media/domain/call_event.h"

namespace latchkey::media {

// One turn at a time; each is told once, when its first frame went out or it was given up.
class TurnLatency {
 public:
  void Start(absl::Time end_of_speech, absl::Time stt_final) {
    end_of_speech_ = end_of_speech;
    event_ = {.turn = event_.turn + 1, .stt_final = stt_final - end_of_speech};
    running_ = true;
  }

  // Only the first counts.
  void FirstToken(absl::Time now) {
    if (!running_ || event_.llm_first_token >= absl::ZeroDuration()) return;
    event_.llm_first_token = now - end_of_speech_;
  }

  std::optional<LatencyEvent> FirstFrame(absl::Time first_byte, absl::Time first_frame) {
    if (!running_) return std::nullopt;
    event_.tts_first_byte = first_byte - end_of_speech_;
    event_.first_frame = first_frame - end_of_speech_;
    return GiveUp();
  }

  std::optional<LatencyEvent> GiveUp() {
    if (!running_) return std::nullopt;
    running_ = false;
    return event_;
  }

  int turn() const { return event_.turn; }

 private:
  bool running_ = false;
  absl::Time end_of_speech_;
  LatencyEvent event_;
};

}  // namespace latchkey::media
