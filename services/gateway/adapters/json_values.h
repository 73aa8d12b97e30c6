// JSON values: the small conversions that every view of the API uses.
#pragma once

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "latchkey/type/v1/money.pb.h"
#include "latchkey/type/v1/provider.pb.h"

namespace latchkey::gateway {

// "2026-11-22T03:00:00.123Z"; null for a time that is not set.
boost::json::value TimeValue(bool set, const google::protobuf::Timestamp& time);

// Whole milliseconds; null when not set.
boost::json::value MillisValue(bool set, const google::protobuf::Duration& duration);

// {"currency": "USD", "amount": "0.40"}: the amount is text, so that no reader makes a float of it
// by mistake.
boost::json::value MoneyValue(const type::v1::Money& money);

// "anthropic", "twilio", …
std::string ProviderName(type::v1::Provider provider);

// The other way. kInvalidArgument `unknown_provider`.
absl::StatusOr<type::v1::Provider> ParseProvider(std::string_view name);

// The end of an enum value's name in lower case: CALL_STATE_ANSWERED → "answered". `prefix` is
// "CALL_STATE_".
std::string EnumName(std::string_view value_name, std::string_view prefix);

// Texts, as they stand in a message.
boost::json::array Sentences(const google::protobuf::RepeatedPtrField<std::string>& texts);

}  // namespace latchkey::gateway
