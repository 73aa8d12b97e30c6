// What a carrier signs when it calls us: the text, without the key.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace latchkey::provider {

// Decoded name and value.
using FormParameters = std::vector<std::pair<std::string, std::string>>;

// The texts of which one must carry the signature that Twilio sent (HMAC-SHA1 under the account's
// auth token, in base64): https://www.twilio.com/docs/usage/security, "Validating requests".
// Twilio sometimes signs the URL with its port and sometimes without, so there are two: without
// one, and with the one that was given or else 443 for https and 80 for any other scheme.
// Parameters are sorted by name; a repeated name gives its distinct values, sorted.
std::vector<std::string> TwilioSignedTexts(std::string_view url, const FormParameters& parameters);

}  // namespace latchkey::provider
