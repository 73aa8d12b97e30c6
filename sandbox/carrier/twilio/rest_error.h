// RestError: what Twilio's REST API refuses with, and the rules by which it refuses a new call.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/http/client.h"
#include "lib/http/form.h"
#include "sandbox/carrier/twilio/call.h"
#include "sandbox/scenario/scenario.h"

namespace latchkey::sandbox::twilio {

struct RestError {
  int status = 400;
  int code = 0;
  std::string message;
};

// {"code":21211,"message":…,"more_info":"https://www.twilio.com/docs/errors/21211","status":400}
http::Response ToResponse(const RestError& error);

// What a form for Calls.json asks for, judged in Twilio's order. `order` is filled when nothing is
// wrong: then the result has status 0.
RestError CheckOrder(const TwilioAccount& account, const http::Form& form, CallOrder& order);

// What an HTTP status that a fault demands looks like at Twilio.
RestError FaultError(int status);

}  // namespace latchkey::sandbox::twilio
