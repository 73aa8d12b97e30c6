// HeardLog: what the carrier really played to one person, to the sample: the judge of heard-truth.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/speech/frame.h"

namespace latchkey::sandbox {

// All positions are samples of 125 µs, counted from the answer by the carrier's clock, which moves
// on by 160 every 20 ms whether there is something to play or not. Written by the carrier's playout
// buffer. Lives on one io thread.
class HeardLog {
 public:
  // Agent's audio that was played without a gap. Loud or quiet is judged frame by frame, so a
  // speech is several spans, one after the other.
  struct Span {
    int64_t start = 0;
    int64_t samples = 0;
    bool loud = false;
  };
  struct Mark {
    std::string name;
    int64_t at = 0;        // All audio before this sample was played, and none after it.
    bool cleared = false;  // Came back because of a clear: what was before it was not played.
  };
  struct Clear {
    int64_t at = 0;
    int64_t dropped = 0;  // Samples that were waiting, and were never played.
  };

  // What is more than this is counted only: hours of speech.
  static constexpr size_t kEntriesMax = 20'000;

  // The next 20 ms: the first `played` samples are the agent's, the rest is silence.
  void OnFrame(const Frame& frame, int played);
  void OnMark(std::string name, int64_t at, bool cleared);
  void OnClear(int64_t dropped);

  int64_t position() const { return position_; }  // Of the frame that comes next.
  int64_t played() const { return played_; }      // Samples of the agent's, in all.
  const std::vector<Span>& spans() const { return spans_; }
  const std::vector<Mark>& marks() const { return marks_; }
  const std::vector<Clear>& clears() const { return clears_; }

  // {"unit":"…","samples":…,"played":…,"complete":true,"spans":[{"start":…,"samples":…,
  //  "loud":true}],"marks":[{"name":"…","at":…,"cleared":false}],"clears":[{"at":…,"dropped":…}]}
  std::string ToJson() const;

 private:
  int64_t position_ = 0;
  int64_t played_ = 0;
  bool complete_ = true;
  std::vector<Span> spans_;
  std::vector<Mark> marks_;
  std::vector<Clear> clears_;
};

}  // namespace latchkey::sandbox
