// PlayoutBuffer: the audio that Twilio was sent and has not played yet, with its marks. A rule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "sandbox/speech/frame.h"

namespace latchkey::sandbox::twilio {

class PlayoutBuffer {
 public:
  // Twilio drops what exceeds about ten minutes (its warning 31931).
  static constexpr size_t kBytesMax = 10 * 60 * 8000;

  // Appends audio. False: the buffer is full, and the audio was dropped.
  bool Play(std::span<const uint8_t> mulaw);

  // Comes back once everything before it has been played, at once if nothing waits.
  void Mark(std::string name);

  // Empties the buffer; every waiting mark comes back.
  void Clear();

  struct Tick {
    Frame frame = SilentFrame();
    bool played = false;  // There was audio for at least a part of this frame.
  };
  // The next 20 ms: called every 20 ms by the call's clock.
  Tick Next();

  // The marks that have come back since the last call, in order.
  std::vector<std::string> TakeMarks();

  size_t waiting_bytes() const { return audio_.size(); }

 private:
  struct PendingMark {
    std::string name;
    uint64_t position;  // It is reached when so many bytes have been played.
  };
  void ReturnMarks();

  std::deque<uint8_t> audio_;
  std::deque<PendingMark> pending_;
  std::vector<std::string> returned_;
  uint64_t played_bytes_ = 0;
};

}  // namespace latchkey::sandbox::twilio
