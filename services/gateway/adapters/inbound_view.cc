#include "services/gateway/adapters/inbound_view.h"

#include <string>

#include "lib/base/error.h"
#include "services/gateway/domain/reasons.h"

namespace latchkey::gateway {

boost::json::object InboundView(const absl::Status& told) {
  if (told.ok()) return {{"configured", true}};
  const std::string why = Reason(told);
  if (why.empty()) {
    return {{"configured", false},
            {"reason", std::string(reason::kCarrierNotTold)},
            {"message",
             "The carrier could not be told now. Try again with POST /v1/numbers/{id}/configure."}};
  }
  return {{"configured", false}, {"reason", why}, {"message", Message(told)}};
}

}  // namespace latchkey::gateway
