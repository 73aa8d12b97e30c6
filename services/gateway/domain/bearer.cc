#include "services/gateway/domain/bearer.h"

#include "lib/base/error.h"
#include "lib/secret/digest.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {
namespace {

constexpr std::string_view kScheme = "Bearer ";
constexpr std::string_view kPrefix = "ac_live_";
constexpr size_t kLengthMax = 200;

}  // namespace

absl::StatusOr<std::string> ApiKeyHash(std::string_view authorization) {
  const bool bearer = authorization.starts_with(kScheme);
  const std::string_view key = bearer ? authorization.substr(kScheme.size()) : std::string_view();
  if (!key.starts_with(kPrefix) || key.size() > kLengthMax) {
    return Error(absl::StatusCode::kUnauthenticated, reason::kApiKeyMissing,
                 "Send your API key in the header Authorization: Bearer ac_live_…");
  }
  return secret::Sha256(key);
}

}  // namespace latchkey::gateway
