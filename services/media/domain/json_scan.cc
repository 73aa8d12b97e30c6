#include "services/media/domain/json_scan.h"

#include <charconv>
#include <cmath>
#include <cstring>

namespace latchkey::media {
namespace {

constexpr size_t kNone = std::string_view::npos;

size_t SkipSpace(std::string_view text, size_t at) {
  while (at < text.size() &&
         (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r')) {
    ++at;
  }
  return at;
}

// `at` is a quote; returns the place after the closing one.
size_t SkipString(std::string_view text, size_t at) {
  ++at;
  while (at < text.size()) {
    const void* quote = std::memchr(text.data() + at, '"', text.size() - at);
    if (quote == nullptr) return kNone;
    const auto end = static_cast<size_t>(static_cast<const char*>(quote) - text.data());
    size_t backslashes = 0;
    while (backslashes < end - at && text[end - 1 - backslashes] == '\\') ++backslashes;
    if (backslashes % 2 == 0) return end + 1;
    at = end + 1;
  }
  return kNone;
}

// Of an object or array: the place after the bracket that closes the one at `at`.
size_t SkipNested(std::string_view text, size_t at) {
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = SkipString(text, at);
      if (at == kNone) return kNone;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++at;
    if (depth == 0) return at;
  }
  return kNone;
}

size_t SkipValue(std::string_view text, size_t at) {
  if (at >= text.size()) return kNone;
  if (text[at] == '"') return SkipString(text, at);
  if (text[at] == '{' || text[at] == '[') return SkipNested(text, at);
  const size_t start = at;
  while (at < text.size() && std::strchr(",}] \n\r\t", text[at]) == nullptr) ++at;
  return at == start ? kNone : at;
}

char Unescaped(char escape) {
  switch (escape) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    default:
      return escape;
  }
}

// The number that the four hexadecimal digits at `at` stand for; 0 when there are none.
uint32_t HexAt(std::string_view text, size_t at) {
  if (at + 4 > text.size()) return 0;
  uint32_t code = 0;
  std::from_chars(text.data() + at, text.data() + at + 4, code, 16);
  return code;
}

void AppendUtf8(uint32_t code, std::string& out) {
  if (code == 0 || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3F)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

std::optional<std::string_view> FindMember(std::string_view json, std::string_view name) {
  size_t at = SkipSpace(json, 0);
  if (at >= json.size() || json[at] != '{') return std::nullopt;
  at = SkipSpace(json, at + 1);
  while (at < json.size() && json[at] == '"') {
    const size_t name_end = SkipString(json, at);
    if (name_end == kNone) return std::nullopt;
    const std::string_view found = json.substr(at + 1, name_end - at - 2);
    at = SkipSpace(json, name_end);
    if (at >= json.size() || json[at] != ':') return std::nullopt;
    at = SkipSpace(json, at + 1);
    const size_t end = SkipValue(json, at);
    if (end == kNone) return std::nullopt;
    if (found == name) return json.substr(at, end - at);
    at = SkipSpace(json, end);
    if (at >= json.size() || json[at] != ',') return std::nullopt;
    at = SkipSpace(json, at + 1);
  }
  return std::nullopt;
}

std::optional<std::string_view> PlainText(std::string_view raw) {
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') return std::nullopt;
  const std::string_view text = raw.substr(1, raw.size() - 2);
  if (text.find('\\') != kNone) return std::nullopt;
  return text;
}

std::optional<std::string_view> AnyText(std::string_view raw, std::string& scratch) {
  if (const std::optional<std::string_view> plain = PlainText(raw)) return plain;
  if (raw.size() < 2 || raw.front() != '"' || raw.back() != '"') return std::nullopt;
  const std::string_view text = raw.substr(1, raw.size() - 2);
  scratch.clear();
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      scratch += text[i];
      continue;
    }
    ++i;
    if (text[i] != 'u') {
      scratch += Unescaped(text[i]);
      continue;
    }
    uint32_t code = HexAt(text, i + 1);
    i += 4;
    const bool high = code >= 0xD800 && code < 0xDC00;
    if (high && text.substr(i + 1).starts_with("\\u")) {
      code = 0x10000 + ((code & 0x3FF) << 10) + (HexAt(text, i + 3) & 0x3FF);
      i += 6;
    }
    AppendUtf8(code, scratch);
  }
  return scratch;
}

std::optional<int64_t> WholeNumber(std::string_view raw) {
  if (const std::optional<std::string_view> text = PlainText(raw)) raw = *text;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  if (error != std::errc() || end != raw.data() + raw.size()) return std::nullopt;
  return value;
}

std::optional<int64_t> SecondsToSamples(std::string_view raw) {
  // A call is over long before this; a larger number is nonsense.
  constexpr double kSecondsMax = 100'000;
  char text[32];
  if (raw.empty() || raw.size() >= sizeof(text)) return std::nullopt;
  std::memcpy(text, raw.data(), raw.size());
  text[raw.size()] = '\0';
  char* end = nullptr;
  const double seconds = std::strtod(text, &end);
  if (end != text + raw.size() || !std::isfinite(seconds)) return std::nullopt;
  if (seconds < 0 || seconds > kSecondsMax) return std::nullopt;
  return std::llround(seconds * 8000.0);
}

std::optional<std::string_view> NextElement(std::string_view& rest) {
  size_t at = SkipSpace(rest, 0);
  if (at >= rest.size() || (rest[at] != '[' && rest[at] != ',')) return std::nullopt;
  at = SkipSpace(rest, at + 1);
  const size_t end = SkipValue(rest, at);
  if (end == kNone) return std::nullopt;
  const std::string_view element = rest.substr(at, end - at);
  rest.remove_prefix(end);
  return element;
}

void AppendJsonText(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (u < 0x20) {
      out += "\\u00";
      out += kHex[u >> 4];
      out += kHex[u & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace latchkey::media
