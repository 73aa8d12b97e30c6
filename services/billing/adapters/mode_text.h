// BillingMode as Postgres keeps it.
#pragma once

#include <string_view>

#include "services/billing/domain/usage.h"

namespace latchkey::billing {

inline constexpr std::string_view kBundledText = "bundled";
inline constexpr std::string_view kByokTenantText = "byok_tenant";

inline std::string_view ModeText(BillingMode mode) {
  return mode == BillingMode::kBundled ? kBundledText : kByokTenantText;
}

inline BillingMode ModeFromText(std::string_view text) {
  return text == kBundledText ? BillingMode::kBundled : BillingMode::kByokTenant;
}

}  // namespace latchkey::billing
