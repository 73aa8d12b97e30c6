// What Exotel refuses a new call with.
#pragma once

#include <string>

#include "lib/http/form.h"
#include "sandbox/carrier/exotel/answer.h"
#include "sandbox/carrier/exotel/call.h"
#include "sandbox/scenario/accounts.h"

namespace latchkey::sandbox::exotel {

// What a form for Calls/connect asks for. `order` is filled when nothing is wrong: then the result
// has status 0. Calls that connect two people ("To") are refused: no agent takes part in them.
RestException CheckOrder(const ExotelAccount& account, const http::Form& form, ExotelOrder& order);

}  // namespace latchkey::sandbox::exotel
