// RestError: what Twilio's REST API refuses with, and the rules by which it refuses a new call.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/http/client.h"
#include "lib/http/form.h"
#include "sandbox/carrier/twilio/call.h"
#include "sandbox/scenario/accounts.h"
#include "sandbox/scenario/fault.h"

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

// What a fault with a status looks like at Twilio. Its code, if it names one of Twilio's, is told
// with Twilio's sentence; a 429 with its Retry-After.
http::Response FaultAnswer(const Fault& fault);

}  // namespace latchkey::sandbox::twilio
