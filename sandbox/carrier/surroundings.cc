#include "sandbox/carrier/surroundings.h"

#include <fmt/format.h>

#include <array>

namespace latchkey::sandbox {

std::string MakeSid(std::string_view prefix, Random& random) {
  std::array<uint8_t, 16> bytes{};
  random.Fill(bytes);
  std::string sid(prefix);
  for (uint8_t byte : bytes) sid += fmt::format("{:02x}", byte);
  return sid;
}

}  // namespace latchkey::sandbox
