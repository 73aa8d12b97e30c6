// The account as Twilio's REST API shows it, and who may read it.
#pragma once

#include <string>

#include "lib/http/server.h"
#include "sandbox/carrier/twilio/rest_error.h"
#include "sandbox/scenario/scenario.h"

namespace latchkey::sandbox::twilio {

// In JSON. Holds the Auth Token in clear if the scenario's quirk says so.
std::string AccountJson(const Scenario& scenario);

// Status 0 when the request carries the account's SID and Auth Token.
RestError CheckCredentials(const TwilioAccount& account, const http::ServerRequest& request);

}  // namespace latchkey::sandbox::twilio
