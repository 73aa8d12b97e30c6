// Key scopes in messages.
#pragma once

#include "latchkey/type/v1/provider.pb.h"
#include "services/dialer/domain/call.h"

namespace latchkey::dialer {

inline void FillScope(const KeyScope& scope, type::v1::Scope& message) {
  message.set_tenant_id(scope.tenant.text());
  message.set_number_id(scope.number.text());
}

}  // namespace latchkey::dialer
