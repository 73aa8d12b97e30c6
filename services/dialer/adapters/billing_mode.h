// Billing modes in messages to billing.
#pragma once

#include "latchkey/billing/v1/billing.pb.h"
#include "services/dialer/domain/call.h"

namespace latchkey::dialer {

inline billing::v1::BillingMode ToMode(BillingMode mode) {
  switch (mode) {
    case BillingMode::kBundled:
      return billing::v1::BILLING_MODE_BUNDLED;
    case BillingMode::kByokTenant:
      return billing::v1::BILLING_MODE_BYOK_TENANT;
    case BillingMode::kByokNumber:
      return billing::v1::BILLING_MODE_BYOK_NUMBER;
  }
  return billing::v1::BILLING_MODE_UNSPECIFIED;
}

}  // namespace latchkey::dialer
