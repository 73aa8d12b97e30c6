// OpenaiSemanticTurn: when a turn is over that ends by its meaning, not by a silence.
#pragma once

#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace latchkey::sandbox {

// A turn whose words make a whole sentence is over at its next pause; any other waits for more, up
// to the longest wait of its eagerness.
class OpenaiSemanticTurn {
 public:
  explicit OpenaiSemanticTurn(absl::Duration longest_wait) : longest_wait_(longest_wait) {}

  // Somebody speaks. True when a turn begins with it, false when it goes on.
  bool OnStarted(absl::Duration start);
  void OnPaused(absl::Duration end);
  // What was said before that pause.
  void OnWords(std::string_view words, absl::Time now);

  bool Over(absl::Time now) const;
  bool open() const { return open_; }

  struct Turn {
    absl::Duration start, end;
    std::string words;
  };
  // Ends it.
  Turn Take();

 private:
  const absl::Duration longest_wait_;
  bool open_ = false;
  bool speaking_ = false;
  absl::Time over_at_ = absl::InfiniteFuture();
  Turn turn_;
};

}  // namespace latchkey::sandbox
