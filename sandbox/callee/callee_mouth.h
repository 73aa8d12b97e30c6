// CalleeMouth: what the callee is saying now, frame by frame: words, a sound, keys, a murmur.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sandbox/scenario/callee.h"
#include "sandbox/speech/frame.h"
#include "sandbox/speech/synthesizer.h"

namespace latchkey::sandbox {

class CalleeMouth {
 public:
  // `tones`: keys are heard, too.
  explicit CalleeMouth(bool tones) : tones_(tones) {}

  // Begins a line, in place of what was being said. `words` is what its text sounds like, or null.
  void Begin(const CalleeLine& line, std::shared_ptr<const Speech> words);

  // Says this beside everything else; nobody has to wait for its end.
  void Murmur(std::shared_ptr<const Speech> murmur);

  // A line is still being said.
  bool busy() const { return !line_.Over(); }

  struct Said {
    Frame frame = SilentFrame();
    bool is_turn = false;  // It has words of a line; else only sounds and murmurs.
    std::string pressed;   // A DTMF digit whose key goes down in this frame.
    bool hangs_up = false;
  };
  // The next 20 ms.
  Said Next();

 private:
  // Samples on their way out. Shared, because all calls say the same lines.
  struct Sound {
    bool Over() const { return position >= size; }
    size_t Fill(Frame& frame);  // Moves on; returns how many samples it had.

    std::shared_ptr<const Speech> speech;
    size_t position = 0, size = 0;
  };
  static Sound Of(std::vector<uint8_t> mulaw);
  Sound Keys(const std::string& keys);

  const bool tones_;
  Sound line_, murmur_;
  bool line_is_turn_ = false;
  bool hangs_up_ = false;                      // When the line is over.
  std::vector<std::pair<size_t, char>> keys_;  // By the sample at which each goes down; last first.
};

}  // namespace latchkey::sandbox
