// What Exotel's REST API answers with: JSON for a path that ends in .json, else XML.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "lib/http/client.h"
#include "sandbox/scenario/fault.h"

namespace latchkey::sandbox::exotel {

struct RestException {
  int status = 400;
  std::string message;
  int code = 0;
};

// {"RestException":{"Status":401,"Message":"Authentication failed","Code":0}}
boost::json::object ToJson(const RestException& exception);

// `body` as JSON, or as <TwilioResponse>…</TwilioResponse>.
http::Response Answer(int status, const boost::json::object& body, bool json);
http::Response Answer(const RestException& exception, bool json);

// What a fault with a status looks like at Exotel; a 429 with its Retry-After.
http::Response FaultAnswer(const Fault& fault);

}  // namespace latchkey::sandbox::exotel
