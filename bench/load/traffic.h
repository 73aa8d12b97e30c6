// Traffic: what all legs of a load run share: when each frame was sent, and the readings.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>

#include "absl/time/time.h"
#include "bench/load/call_rules.h"
#include "bench/load/delays.h"
#include "bench/load/tagged_frame.h"

namespace latchkey::bench {

// When each of the last frames of one direction of one call was sent.
class SendTimes {
 public:
  void Note(uint32_t sequence, absl::Time time) { times_[sequence % kKept] = time; }
  absl::Time Of(uint32_t sequence) const { return times_[sequence % kKept]; }

 private:
  static constexpr size_t kKept = 1024;  // 20 s of frames: more than any leg holds back.
  std::array<absl::Time, kKept> times_{};
};

struct Readings {
  Delays up, down;  // Of the last frame in a message: carrier to STT, TTS to carrier.
  Delays holding;   // From a message's first frame to its last: what is collected for STT.
  Delays lateness;  // Of the load generator's own frames.
  uint64_t frames_up = 0, frames_down = 0, clears = 0;
};

// Lives on the one io thread of the load generator.
class Traffic {
 public:
  // A new direction; its number goes into its frames' tags.
  uint16_t NewCaller();
  uint16_t NewSpeaker();

  void NoteUp(const FrameTag& tag, absl::Time now);         // The carrier sent a frame.
  void NoteDown(const FrameTag& tag, absl::Time now);       // TTS sent a frame.
  void ArriveUp(std::string_view audio, absl::Time now);    // STT got a message.
  void ArriveDown(std::string_view audio, absl::Time now);  // The carrier got a message.

  Readings& readings() { return readings_; }
  BrokenRules broken;
  bool interruptions = false;  // Callers interrupt the agent now and then.
  int live_calls = 0;
  int calls_ended = 0;
  bool stopping = false;

 private:
  std::map<uint16_t, std::unique_ptr<SendTimes>> up_, down_;
  Readings readings_;
};

}  // namespace latchkey::bench
