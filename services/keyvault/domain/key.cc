#include "services/keyvault/domain/key.h"

#include <fmt/format.h>

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

secret::KeyAddress AddressOf(const KeyInfo& info) {
  return {info.slot.tenant.text(), info.slot.number.text(), static_cast<int>(info.slot.provider),
          info.id.text(), info.version};
}

absl::Status KeyNotFound(Provider provider) {
  const provider::Entry& entry = provider::Describe(provider);
  return Error(absl::StatusCode::kNotFound, reason::kKeyNotFound,
               fmt::format("There is no {} key here. Save one first.", entry.label),
               {{"provider", std::string(entry.name)}});
}

}  // namespace latchkey::keyvault
