// SampleCall: an ended call to start a test from.
#pragma once

#include <string>

#include "services/billing/domain/usage.h"

namespace latchkey::billing {

inline EndedCall SampleCall(const std::string& call = "call_a", int64_t answered_s = 61) {
  EndedCall ended;
  ended.call = CallId::Parse(call).value();
  ended.tenant = TenantId::Parse("tnt_a").value();
  ended.number = NumberId::Parse("num_a").value();
  ended.answered_s = answered_s;
  ended.rate.rate_id = "free-bundled-usd";
  ended.rate.per_minute = Money{.currency = "USD", .micros = 400'000};
  ended.end_time = absl::FromUnixSeconds(1'790'000'000);
  return ended;
}

}  // namespace latchkey::billing
