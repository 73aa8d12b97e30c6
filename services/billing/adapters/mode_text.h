// BillingMode as Postgres keeps it.
#pragma once

#include <string_view>

#include "lib/base/check.h"
#include "services/billing/domain/usage.h"

namespace latchkey::billing {

inline constexpr std::string_view kBundledText = "bundled";
inline constexpr std::string_view kByokTenantText = "byok_tenant";
inline constexpr std::string_view kByokNumberText = "byok_number";

inline std::string_view ModeText(BillingMode mode) {
  switch (mode) {
    case BillingMode::kBundled:
      return kBundledText;
    case BillingMode::kByokTenant:
      return kByokTenantText;
    case BillingMode::kByokNumber:
      return kByokNumberText;
  }
  return kBundledText;
}

inline BillingMode ModeFromText(std::string_view text) {
  if (text == kByokTenantText) return BillingMode::kByokTenant;
  if (text == kByokNumberText) return BillingMode::kByokNumber;
  Check(text == kBundledText, "a row of billing holds a mode that we wrote");
  return BillingMode::kBundled;
}

}  // namespace latchkey::billing
