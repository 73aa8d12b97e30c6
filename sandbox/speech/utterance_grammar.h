// UtteranceGrammar: what a scenario's callees may say, as a recogniser needs it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace latchkey::sandbox {

// A line may be cut where its speaker pauses, so not only whole lines are known, but every run of
// consecutive phrases of one line; a phrase ends with a comma, a full stop, a question mark and so
// on.
class UtteranceGrammar {
 public:
  explicit UtteranceGrammar(const std::vector<std::string>& lines);

  // A grammar in JSGF (JSpeech Grammar Format), each run as one alternative.
  std::string Jsgf() const;

  // Every word, lower case, each once.
  std::vector<std::string> Words() const;

  // The run whose words are `words`, as its line is written; "" if there is none.
  std::string Written(std::string_view words) const;

 private:
  struct Run {
    std::string words;    // "yes thursday is fine"
    std::string written;  // "Yes, Thursday is fine."
  };
  std::vector<Run> runs_;
};

}  // namespace latchkey::sandbox
