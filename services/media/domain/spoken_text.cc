#include "services/media/domain/spoken_text.h"

#include <algorithm>
#include <cctype>

namespace latchkey::media {
namespace {

// A word's time may end a little after its last sample: 60 ms, less than any syllable.
constexpr int64_t kToleranceSamples = 480;
// How far ahead a word is looked for: TTS skips little.
constexpr size_t kSearchBytes = 80;
// Fifteen letters a second, while it is not known how long the audio will be.
constexpr int64_t kSamplesPerByte = 533;

char Lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// The word without what TTS may have put around it.
std::string_view Core(std::string_view word) {
  const auto outside = [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u < 0x80 && std::isalnum(u) == 0;
  };
  while (!word.empty() && outside(word.front())) word.remove_prefix(1);
  while (!word.empty() && outside(word.back())) word.remove_suffix(1);
  return word;
}

size_t FindWord(std::string_view text, size_t from, std::string_view word) {
  const std::string_view core = Core(word);
  if (core.empty()) return std::string_view::npos;
  const std::string_view window = text.substr(from, kSearchBytes + core.size());
  const auto found = std::search(window.begin(), window.end(), core.begin(), core.end(),
                                 [](char a, char b) { return Lower(a) == Lower(b); });
  if (found == window.end()) return std::string_view::npos;
  return from + static_cast<size_t>(found - window.begin()) + core.size();
}

// The end of the punctuation that follows a word.
size_t AfterPunctuation(std::string_view text, size_t end) {
  while (end < text.size() && text[end] != ' ' && text[end] != '\n') ++end;
  return end;
}

std::string Trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(" \n\t");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \n\t") - first + 1));
}

}  // namespace

void SpokenText::Reset() {
  text_.clear();
  words_.clear();
  samples_ = 0;
  complete_ = false;
}

void SpokenText::AddWord(std::string_view word, int64_t end) {
  const size_t from = words_.empty() ? 0 : words_.back().text_end;
  const size_t found = FindWord(text_, from, word);
  if (found == std::string_view::npos) return;
  words_.push_back({.text_end = AfterPunctuation(text_, found), .end = end});
}

size_t SpokenText::HeardSize(int64_t samples) const {
  if (samples <= 0) return 0;
  if (complete_ && samples >= samples_) return text_.size();
  if (!words_.empty()) {
    size_t size = 0;
    for (const Word& word : words_) {
      if (word.end > samples + kToleranceSamples) return size;
      size = word.text_end;
    }
    return size;
  }
  const auto letters = static_cast<int64_t>(text_.size());
  const int64_t whole = complete_ ? samples_ : std::max(samples_, letters * kSamplesPerByte);
  if (whole == 0) return 0;
  const auto share = static_cast<size_t>(std::min(letters, letters * samples / whole));
  const size_t space = std::string_view(text_).substr(0, share + 1).find_last_of(" \n");
  return space == std::string_view::npos ? 0 : space;
}

std::string SpokenText::Heard(int64_t samples) const {
  return Trimmed(std::string_view(text_).substr(0, HeardSize(samples)));
}

std::string SpokenText::Unheard(int64_t samples) const {
  return Trimmed(std::string_view(text_).substr(HeardSize(samples)));
}

}  // namespace latchkey::media
