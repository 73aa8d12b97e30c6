#include "lib/rpc/identity.h"

#include <algorithm>

#include "lib/base/error.h"

namespace latchkey::rpc {
namespace {

constexpr std::string_view kPrefix = "spiffe://latchkey/";
constexpr std::string_view kServices[] = {"billing", "dialer", "gateway",      "keyvault",
                                          "media",   "ops",    "orchestrator", "validator"};

bool IsInstanceName(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), allowed);
}

absl::Status Unknown() {
  return Error(absl::StatusCode::kPermissionDenied, "identity_unknown",
               "The certificate names no service of this installation; it needs exactly one URI "
               "SAN, spiffe://latchkey/<service>.");
}

}  // namespace

std::string Identity::SpiffeId() const { return std::string(kPrefix) + Name(); }

std::string Identity::Name() const { return instance.empty() ? service : service + "/" + instance; }

absl::StatusOr<Identity> ParseSpiffeId(std::string_view uri) {
  if (!uri.starts_with(kPrefix)) return Unknown();
  const std::string_view path = uri.substr(kPrefix.size());
  const size_t slash = path.find('/');
  const std::string_view service = path.substr(0, slash);
  if (!IsKnownService(service)) return Unknown();
  if (slash == std::string_view::npos) return Identity{std::string(service), ""};
  const std::string_view instance = path.substr(slash + 1);
  if (!IsInstanceName(instance)) return Unknown();
  return Identity{std::string(service), std::string(instance)};
}

std::span<const std::string_view> KnownServices() { return kServices; }

bool IsKnownService(std::string_view name) {
  return std::find(std::begin(kServices), std::end(kServices), name) != std::end(kServices);
}

}  // namespace latchkey::rpc
