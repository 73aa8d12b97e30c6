// What every fuzz program needs: its input as text, in parts, and a key that must never be told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/check.h"

namespace latchkey {

inline std::string_view AsText(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Cuts `input` at each zero byte; what is left over is the last of `count` parts, absent ones are
// empty.
inline std::vector<std::string_view> Parts(std::string_view input, size_t count) {
  std::vector<std::string_view> parts(count);
  for (size_t i = 0; i < count; ++i) {
    const size_t end = i + 1 < count ? input.find('\0') : std::string_view::npos;
    parts[i] = input.substr(0, end);
    if (end == std::string_view::npos) break;
    input.remove_prefix(end + 1);
  }
  return parts;
}

// A key that no message of ours and no input contains by chance. libFuzzer watches comparisons: it
// would soon learn to write our own messages, so an input cannot serve as the key itself.
inline constexpr std::string_view kPlanted = "q7Zv0XkW3mRt9bYc2LdN8sFh";

// `input` with the key in place of every '@'.
inline std::string Plant(std::string_view input) {
  std::string text;
  for (const char c : input) {
    if (c == '@') {
      text += kPlanted;
    } else {
      text += c;
    }
  }
  return text;
}

// True when eight characters in a row of the planted key stand in `told`.
inline bool Tells(std::string_view told) {
  constexpr size_t kWindow = 8;
  for (size_t at = 0; at + kWindow <= kPlanted.size(); ++at) {
    if (told.find(kPlanted.substr(at, kWindow)) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace latchkey
