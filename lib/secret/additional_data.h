// AdditionalData: what a ciphertext is bound to, as bytes that have one reading only.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace latchkey::secret {

// A list of texts, each preceded by its length as 4 bytes, big-endian. So ("ab", "c") and
// ("a", "bc") differ, and a ciphertext opens only with the list that it was made with.
class AdditionalData {
 public:
  AdditionalData(std::initializer_list<std::string_view> parts);

  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

}  // namespace latchkey::secret
