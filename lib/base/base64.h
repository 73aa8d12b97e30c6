// Base64: the standard alphabet with padding (RFC 4648, section 4), for bytes that are no secret.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace latchkey {

// Decodes `text` into `out`; how many bytes it made. Nothing when it is not base64 or does not fit:
// `out` needs three bytes for every four characters, padding included. Allocates nothing.
std::optional<size_t> DecodeBase64(std::string_view text, std::span<uint8_t> out);

// Appends base64 of `bytes`. Allocates nothing when `out` has the room.
void AppendBase64(std::span<const uint8_t> bytes, std::string& out);

}  // namespace latchkey
