#include "lib/base/base64.h"

#include <openssl/evp.h>

namespace latchkey {

std::optional<size_t> DecodeBase64(std::string_view text, std::span<uint8_t> out) {
  if (text.size() % 4 != 0 || text.size() / 4 * 3 > out.size()) return std::nullopt;
  if (text.empty()) return 0;
  const auto* in = reinterpret_cast<const unsigned char*>(text.data());
  const int made = EVP_DecodeBlock(out.data(), in, static_cast<int>(text.size()));
  if (made < 0) return std::nullopt;
  size_t size = static_cast<size_t>(made);
  if (text.ends_with("=")) --size;
  if (text.ends_with("==")) --size;
  return size;
}

void AppendBase64(std::span<const uint8_t> bytes, std::string& out) {
  const size_t before = out.size();
  // EncodeBlock ends with a zero byte, which is cut off again.
  out.resize(before + (bytes.size() + 2) / 3 * 4 + 1);
  auto* to = reinterpret_cast<unsigned char*>(out.data() + before);
  EVP_EncodeBlock(to, bytes.data(), static_cast<int>(bytes.size()));
  out.pop_back();
}

}  // namespace latchkey
