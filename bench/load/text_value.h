// TextValue: a look into a message whose form we know, as cheap as a load run needs it.
#pragma once

#include <string_view>

namespace latchkey::bench {

// The value of "key":"…", of which `key` has its quotation marks. "": it is not there.
inline std::string_view TextValue(std::string_view message, std::string_view key) {
  const size_t at = message.find(key);
  if (at == std::string_view::npos) return {};
  const size_t begin = message.find('"', at + key.size() + 1) + 1;
  return message.substr(begin, message.find('"', begin) - begin);
}

}  // namespace latchkey::bench
