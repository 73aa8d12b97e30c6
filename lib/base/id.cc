#include "lib/base/id.h"

#include <algorithm>

#include "lib/base/check.h"

namespace latchkey {
namespace {

constexpr std::string_view kAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr size_t kRandomCharacters = 24;
constexpr size_t kTailMax = 64;

bool IsTailCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '-';
}

}  // namespace

std::string MakeIdText(std::string_view prefix, Random& random) {
  std::string text(prefix);
  for (size_t i = 0; i < kRandomCharacters; ++i) text += kAlphabet[random.Below(kAlphabet.size())];
  return text;
}

bool IsIdText(std::string_view prefix, std::string_view text) {
  if (!text.starts_with(prefix)) return false;
  const std::string_view tail = text.substr(prefix.size());
  return !tail.empty() && tail.size() <= kTailMax && std::ranges::all_of(tail, IsTailCharacter);
}

TenantId PlatformTenant() {
  absl::StatusOr<TenantId> id = TenantId::Parse("tnt_platform");
  Check(id.ok(), "the platform's tenant id has the form of a tenant id");
  return *id;
}

}  // namespace latchkey
