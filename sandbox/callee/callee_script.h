// CalleeScript: what the callee does next, decided every 20 ms from what is heard. A rule.
#pragma once

#include <vector>

#include "absl/time/time.h"
#include "sandbox/scenario/scenario.h"

namespace latchkey::sandbox {

class CalleeScript {
 public:
  explicit CalleeScript(std::vector<CalleeLine> lines) : lines_(std::move(lines)) {}

  // Called for each frame since the answer. `agent_loud`: this frame of the agent's can be heard.
  // `speaking`: the callee's last line is still being said. Returns the line whose moment has come,
  // once, or nullptr. Valid as long as the script is.
  const CalleeLine* OnFrame(bool agent_loud, bool speaking);

  // Pauses up to this length are within one speech of the agent's.
  static constexpr absl::Duration kBreath = absl::Milliseconds(700);

 private:
  bool Due(const CalleeLine& line) const;

  const std::vector<CalleeLine> lines_;
  size_t next_ = 0;
  bool agent_heard_ = false;     // Since the last line ended.
  absl::Duration agent_speech_;  // Since the agent's present speech began; zero if there is none.
  absl::Duration agent_quiet_ = absl::InfiniteDuration();
  absl::Duration waited_;  // Since the last line ended.
};

}  // namespace latchkey::sandbox
