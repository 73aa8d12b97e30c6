// Keypad: the keys that the person on the phone presses, as one input.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace latchkey::media {

// Keys belong together until # or a pause. A rule.
class Keypad {
 public:
  void Press(char key, absl::Time now);
  // What was pressed, when it is complete.
  std::optional<std::string> Take(absl::Time now);
  bool waiting() const { return !keys_.empty(); }

 private:
  std::string keys_;
  absl::Time complete_at_ = absl::InfiniteFuture();
};

// As the model and the transcript have it: "[Pressed on the keypad: 1 2 #]".
std::string KeysText(const std::string& keys);

}  // namespace latchkey::media
