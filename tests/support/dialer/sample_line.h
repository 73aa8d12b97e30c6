// A tenant in India with a number, its keys, and a call of its own, to start a test from.
#pragma once

#include <string>
#include <vector>

#include "services/dialer/domain/fleet.h"
#include "services/dialer/domain/tenant.h"

namespace latchkey::dialer {

inline const TenantId kSampleTenant = TenantId::Parse("tnt_sample").value();
inline const NumberId kSampleNumber = NumberId::Parse("num_sample").value();
// 12:00 in Kolkata on a Monday.
inline const absl::Time kIndianNoon =
    absl::FromCivil(absl::CivilMinute(2026, 8, 3, 6, 30), absl::UTCTimeZone());

inline Line SampleLine() {
  Line line;
  line.tenant.id = kSampleTenant;
  line.tenant.country = "IN";
  line.tenant.currency = "USD";
  line.tenant.plan = "byok";
  line.tenant.byok = true;
  line.tenant.onboarded = true;
  line.number.id = kSampleNumber;
  line.number.e164 = "+911140000000";
  return line;
}

inline KeyFacts KeyOf(Provider provider, const TenantId& tenant, int64_t call_ceiling = 0) {
  KeyFacts key;
  key.provider = provider;
  key.scope.tenant = tenant;
  key.valid = true;
  key.call_ceiling = call_ceiling;
  return key;
}

// One valid key for each provider of a composed call.
inline std::vector<KeyFacts> AllKeys(const TenantId& tenant) {
  return {KeyOf(Provider::kDeepgram, tenant), KeyOf(Provider::kAnthropic, tenant, 50),
          KeyOf(Provider::kCartesia, tenant), KeyOf(Provider::kTwilio, tenant)};
}

inline Call SampleCall(const std::string& id = "call_a") {
  Call call;
  call.id = CallId::Parse(id).value();
  call.tenant = kSampleTenant;
  call.number = kSampleNumber;
  call.request_id = "request of " + id;
  call.from = "+911140000000";
  call.to = "+919812345678";
  call.carrier_scope.tenant = kSampleTenant;
  call.llm_scope.tenant = kSampleTenant;
  call.mode = BillingMode::kByokTenant;
  call.rate = Rate{"byok-own-keys-usd", Money{"USD", 0}, 1};
  call.media_instance = "m1";
  call.media_incarnation = "first";
  call.create_time = kIndianNoon;
  return call;
}

inline MediaInstance SampleInstance(const std::string& name = "m1",
                                    absl::Time heartbeat = kIndianNoon) {
  MediaInstance instance;
  instance.name = name;
  instance.address = "127.0.0.1:1";
  instance.incarnation = "first";
  instance.capacity = 10;
  instance.heartbeat_time = heartbeat;
  return instance;
}

}  // namespace latchkey::dialer
