#include "services/orchestrator/adapters/sha256_api_key_mint.h"

#include <string_view>

#include "lib/secret/digest.h"

namespace latchkey::orchestrator {
namespace {

constexpr std::string_view kPrefix = "ac_live_";
constexpr std::string_view kDigits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr int kLength = 43;  // 43 digits of 62 hold 256.03 bits.

}  // namespace

ApiKeyMint::Minted Sha256ApiKeyMint::Mint() {
  std::string text(kPrefix);
  for (int i = 0; i < kLength; ++i) text += kDigits[random_.Below(kDigits.size())];
  return {text, Hash(text)};
}

std::string Sha256ApiKeyMint::Hash(const std::string& text) const { return secret::Sha256(text); }

}  // namespace latchkey::orchestrator
