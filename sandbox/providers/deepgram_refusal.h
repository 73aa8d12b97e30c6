// Deepgram's refusals: of a request, and of the handshake of a websocket.
#pragma once

#include <string>
#include <string_view>

#include "lib/http/client.h"
#include "sandbox/scenario/fault.h"

namespace latchkey::sandbox {

// With `dg-error` and `dg-request-id`.
http::Response DeepgramRefusal(int status, std::string_view code, std::string_view message);

// The words for a status; the fault's own code in place of the usual one, and Retry-After.
http::Response DeepgramRefusal(const Fault& fault);

// The Error message on a websocket, after which it is closed.
std::string DeepgramErrorMessage(const Fault& fault);

}  // namespace latchkey::sandbox
