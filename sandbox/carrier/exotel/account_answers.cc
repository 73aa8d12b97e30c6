#include "sandbox/carrier/exotel/account_answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "sandbox/carrier/exotel/numbers.h"

namespace latchkey::sandbox::exotel {
namespace {

constexpr char kOpened[] = "2026-08-01 15:00:00";

}  // namespace

boost::json::object AccountJson(const ExotelAccount& account) {
  return {{"Account",
           {{"Sid", account.sid},
            {"FriendlyName", account.friendly_name},
            {"Type", "Full"},
            {"Status", account.status},
            {"OwnerAccountSid", account.sid},
            {"AuthToken", account.auth_token},
            {"Uri", fmt::format("/v1/Accounts/{}", account.sid)},
            {"DateCreated", kOpened},
            {"DateUpdated", kOpened}}}};
}

boost::json::object BalanceJson(const ExotelAccount& account) {
  return {{"Account",
           {{"AccountSid", account.sid},
            {"BalanceData",
             {{"Balance", account.balance},
              {"Currency", "INR"},
              {"PricingPlan", "Growth"},
              {"DateUpdated", kOpened}}}}}};
}

boost::json::object StreamsJson(const ExotelAccount& account, int active) {
  return {{"Stream", {{"ActiveStreamCount", active}, {"ThrottleLimit", account.streams_max}}}};
}

boost::json::object NumberJson(const ExotelAccount& account, std::string_view number) {
  const std::string e164 = ToE164(number).value_or("");
  const bool listed = std::ranges::find(account.dnd_numbers, e164) != account.dnd_numbers.end();
  return {{"Numbers",
           {{"PhoneNumber", number},
            {"Circle", "KA"},
            {"CircleName", "Karnataka"},
            {"Type", "Mobile"},
            {"Operator", "AT"},
            {"OperatorName", "Airtel"},
            {"DND", e164.empty() ? "Unavailable" : (listed ? "Yes" : "No")}}}};
}

}  // namespace latchkey::sandbox::exotel
