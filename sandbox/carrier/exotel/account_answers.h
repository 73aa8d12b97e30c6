// What Exotel tells of an account: the account itself, its balance, its streams, any number.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "sandbox/scenario/accounts.h"

namespace latchkey::sandbox::exotel {

// {"Account":{"Sid":…}}. Echoes the token, as Exotel may.
boost::json::object AccountJson(const ExotelAccount& account);

// {"Account":{"AccountSid":…,"BalanceData":{"Balance":"1543.75",…}}}
boost::json::object BalanceJson(const ExotelAccount& account);

// {"Stream":{"ActiveStreamCount":0,"ThrottleLimit":100}}
boost::json::object StreamsJson(const ExotelAccount& account, int active);

// {"Numbers":{"PhoneNumber":…,"DND":"Yes"}}
boost::json::object NumberJson(const ExotelAccount& account, std::string_view number);

}  // namespace latchkey::sandbox::exotel
