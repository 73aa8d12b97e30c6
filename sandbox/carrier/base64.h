// Base64: the standard alphabet with padding (RFC 4648, section 4).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::sandbox {

std::string EncodeBase64(std::span<const uint8_t> bytes);

// Nothing when `text` is not base64.
std::optional<std::vector<uint8_t>> DecodeBase64(std::string_view text);

}  // namespace latchkey::sandbox
