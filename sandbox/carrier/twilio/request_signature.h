// RequestSignature: X-Twilio-Signature, as Twilio signs what it sends.
#pragma once

#include <string>
#include <string_view>

#include "lib/http/form.h"

namespace latchkey::sandbox::twilio {

// base64(HMAC-SHA1(auth token, url + each name and value, sorted by name; a repeated name's values
// sorted and each once)). A GET or a WebSocket handshake has no `form`. The URL is the one that was
// configured, without a fragment. Source: twilio.com/docs/usage/security, "Validating requests".
std::string RequestSignature(std::string_view auth_token, std::string_view url,
                             const http::Form& form = {});

}  // namespace latchkey::sandbox::twilio
