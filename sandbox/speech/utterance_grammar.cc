#include "sandbox/speech/utterance_grammar.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "sandbox/scenario/scenario.h"

namespace latchkey::sandbox {
namespace {

// "Yes, that is fine." → "Yes,", "that is fine."
std::vector<std::string> Phrases(std::string_view line) {
  std::vector<std::string> phrases;
  std::string phrase;
  for (char character : line) {
    phrase += character;
    if (std::string_view(",.;:?!").find(character) == std::string_view::npos) continue;
    if (!NormalizeWords(phrase).empty()) phrases.push_back(phrase);
    phrase.clear();
  }
  if (!NormalizeWords(phrase).empty()) phrases.push_back(phrase);
  return phrases;
}

std::string Trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(" \t\n");
  return first == std::string::npos ? "" : text.substr(first);
}

}  // namespace

UtteranceGrammar::UtteranceGrammar(const std::vector<std::string>& lines) {
  std::set<std::string> seen;
  for (const std::string& line : lines) {
    const std::vector<std::string> phrases = Phrases(line);
    for (size_t first = 0; first < phrases.size(); ++first) {
      std::string written;
      for (size_t last = first; last < phrases.size(); ++last) {
        written += phrases[last];
        std::string words = NormalizeWords(written);
        if (seen.insert(words).second) runs_.push_back({std::move(words), Trimmed(written)});
      }
    }
  }
}

std::string UtteranceGrammar::Jsgf() const {
  std::vector<std::string> alternatives;
  for (const Run& run : runs_) alternatives.push_back(run.words);
  return fmt::format("#JSGF V1.0;\ngrammar callees;\npublic <utterance> = {};\n",
                     fmt::join(alternatives, "\n | "));
}

std::vector<std::string> UtteranceGrammar::Words() const {
  std::set<std::string> words;
  for (const Run& run : runs_) {
    std::istringstream stream(run.words);
    for (std::string word; stream >> word;) words.insert(word);
  }
  return {words.begin(), words.end()};
}

std::string UtteranceGrammar::Written(std::string_view words) const {
  const auto found = std::ranges::find(runs_, words, &Run::words);
  return found == runs_.end() ? "" : found->written;
}

}  // namespace latchkey::sandbox
