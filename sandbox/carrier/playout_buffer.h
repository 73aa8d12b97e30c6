// PlayoutBuffer: the audio that a carrier was sent and has not played yet, with its marks. A rule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "sandbox/callee/heard_log.h"
#include "sandbox/speech/frame.h"

namespace latchkey::sandbox {

class PlayoutBuffer {
 public:
  // `heard` is told what is really played; null: nobody is. Outlives the buffer.
  explicit PlayoutBuffer(HeardLog* heard = nullptr) : heard_(heard) {}

  // Twilio drops what exceeds about ten minutes (its warning 31931); Exotel names no figure.
  static constexpr size_t kBytesMax = 10 * 60 * 8000;

  // Appends audio. False: the buffer is full, and the audio was dropped.
  bool Play(std::span<const uint8_t> mulaw);

  // Comes back once everything before it has been played, at once if nothing waits.
  void Mark(std::string name);

  // Empties the buffer; every waiting mark comes back, or is lost.
  void Clear(bool return_marks = true);

  struct Tick {
    Frame frame = SilentFrame();
    int played = 0;  // So many of its samples there was audio for; the rest is silence.
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
  // `frame_begin`: so many bytes had been played when the present frame began.
  void ReturnMarks(uint64_t frame_begin);

  HeardLog* const heard_;
  std::deque<uint8_t> audio_;
  std::deque<PendingMark> pending_;
  std::vector<std::string> returned_;
  uint64_t played_bytes_ = 0;
};

}  // namespace latchkey::sandbox
