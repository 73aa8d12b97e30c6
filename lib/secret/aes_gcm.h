// AES-256-GCM by libsodium, and by OpenSSL where the CPU has no path of libsodium's. Same bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace latchkey::secret {

enum class AesPath { kSodium, kOpenssl };

// libsodium's path where it exists (x86 with AES-NI; 1.0.18 has no other).
AesPath FastestAesPath();

// Writes plain.size() + 16 bytes to `out`. `key` has 32 bytes, `nonce` 12.
void AesGcmEncrypt(AesPath path, std::string_view key, std::string_view nonce,
                   std::string_view data, std::string_view plain, std::span<uint8_t> out);

// Writes sealed.size() - 16 bytes to `out`; false, and zeros in `out`, if the tag does not fit.
bool AesGcmDecrypt(AesPath path, std::string_view key, std::string_view nonce,
                   std::string_view data, std::string_view sealed, std::span<uint8_t> out);

// Checks both paths that this machine has against a published vector (McGrew and Viega, "The
// Galois/Counter Mode of Operation", test case 16). Ends the process if one differs.
void CheckAesKnownAnswer();

}  // namespace latchkey::secret
