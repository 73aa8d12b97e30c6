// TwimlResponse: an answer to Twilio that says how a call goes on.
#pragma once

#include <string>
#include <utility>

#include "lib/http/server.h"

namespace latchkey::media {

inline http::Response TwimlResponse(std::string document) {
  http::Response response;
  response.status = 200;
  response.headers = {{"content-type", "text/xml"}};
  response.body = std::move(document);
  return response;
}

}  // namespace latchkey::media
