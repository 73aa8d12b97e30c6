// CallLedger: what the answering side saw of each call, held against the carrier's own log.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::bench {

// Judges exactness: each call that was placed is answered once, ends once, is billed right, and
// there are no others. Lives on one io thread.
class CallLedger {
 public:
  struct Verdict {
    int placed = 0, answered = 0, ended = 0;  // As the carrier's log has them.
    int64_t billed_seconds = 0;
    int mistakes = 0;
    std::vector<std::string> examples;  // The first few mistakes, in sentences.
  };

  void NotePlaced(const std::string& sid) { ++calls_[sid].placed; }
  // `duration` is the callback's CallDuration; "" before the end.
  void NoteCallback(const std::string& sid, std::string_view status, std::string_view duration);
  void NoteStream(const std::string& sid) { ++calls_[sid].streams; }
  void NoteStreamEnd(const std::string& sid, int64_t frames) { calls_[sid].frames += frames; }

  int ended() const { return ended_; }

  // `log` is what GET /sandbox/calls of the sandbox answers.
  Verdict Judge(std::string_view log) const;

 private:
  struct Seen {
    int placed = 0, streams = 0;
    int64_t frames = 0;
    std::string statuses;  // Of the callbacks in their order: "initiated ringing …"
    std::string duration;
  };

  std::map<std::string, Seen> calls_;
  int ended_ = 0;
};

}  // namespace latchkey::bench
