// Inbound view: how telling a carrier of a number went, as the API shows it.
#pragma once

#include <boost/json/object.hpp>

#include "absl/status/status.h"

namespace latchkey::gateway {

// {"configured": true} or {"configured": false, "reason", "message"}.
boost::json::object InboundView(const absl::Status& told);

}  // namespace latchkey::gateway
