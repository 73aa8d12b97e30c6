#include "services/media/domain/sentence_splitter.h"

#include <array>
#include <cctype>

namespace latchkey::media {
namespace {

// A sentence that runs on is cut at a space: TTS starts no later than after this.
constexpr size_t kSentenceMax = 240;

// Abbreviations of English prose that do not end a sentence.
constexpr std::array<std::string_view, 14> kAbbreviations = {
    "Mr.", "Mrs.", "Ms.",  "Dr.",  "Prof.", "St.",  "No.",
    "vs.", "e.g.", "i.e.", "a.m.", "p.m.",  "Inc.", "Ltd."};

// Ends of sentences in scripts that put no space after them: 。！？ and the danda.
constexpr std::array<std::string_view, 4> kWideEnds = {"\u3002", "\uFF01", "\uFF1F", "\u0964"};

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\t'; }

bool EndsWithAbbreviation(std::string_view text) {
  for (const std::string_view one : kAbbreviations) {
    if (text.ends_with(one)) return true;
  }
  // An initial: "J. Smith".
  return text.size() >= 2 && std::isupper(static_cast<unsigned char>(text[text.size() - 2])) != 0 &&
         (text.size() == 2 || IsSpace(text[text.size() - 3]));
}

size_t WideEndAt(std::string_view text, size_t at) {
  for (const std::string_view end : kWideEnds) {
    if (text.substr(at).starts_with(end)) return end.size();
  }
  return 0;
}

}  // namespace

std::string SentenceSplitter::Take(size_t size) {
  std::string piece = buffer_.substr(0, size);
  buffer_.erase(0, size);
  scanned_ = 0;
  return piece;
}

std::optional<std::string> SentenceSplitter::Next() {
  const std::string_view text = buffer_;
  for (size_t i = scanned_; i < text.size(); ++i) {
    if (const size_t wide = WideEndAt(text, i); wide > 0) return Take(i + wide);
    if (text[i] == '\n' && i > 0) return Take(i + 1);
    if (text[i] != '.' && text[i] != '!' && text[i] != '?') continue;
    // Only what follows tells an end from "$29.95", and only a space after it from "...".
    if (i + 1 >= text.size()) break;
    const char next = text[i + 1];
    const bool closed = next == '"' || next == ')' || next == '\'';
    const size_t space = closed ? i + 2 : i + 1;
    if (space >= text.size()) break;
    if (!IsSpace(text[space])) continue;
    if (text[i] == '.' && EndsWithAbbreviation(text.substr(0, i + 1))) continue;
    return Take(space + 1);
  }
  if (text.size() > kSentenceMax) {
    const size_t space = text.substr(0, kSentenceMax).find_last_of(' ');
    if (space != std::string_view::npos && space > 0) return Take(space + 1);
  }
  // An end that waits for what follows it is looked at again.
  scanned_ = text.size() > 4 ? text.size() - 4 : 0;
  return std::nullopt;
}

std::string SentenceSplitter::Rest() { return Take(buffer_.size()); }

}  // namespace latchkey::media
