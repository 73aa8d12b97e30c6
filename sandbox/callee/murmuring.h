// Murmuring: when a listener says "mhm": a rule, decided every 20 ms from what is heard.
#pragma once

#include "absl/time/time.h"

namespace latchkey::sandbox {

// After every `every` of the agent's speech; never while the callee speaks. Breaths up to
// CalleeScript::kBreath do not interrupt a speech.
class Murmuring {
 public:
  explicit Murmuring(absl::Duration every) : every_(every) {}

  bool OnFrame(bool agent_loud, bool speaking);

 private:
  const absl::Duration every_;
  absl::Duration listened_, quiet_;
};

}  // namespace latchkey::sandbox
