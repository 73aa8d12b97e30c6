// Samples: values that orchestrator's tests begin with.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "services/orchestrator/domain/call_event.h"
#include "services/orchestrator/domain/number.h"
#include "services/orchestrator/domain/tenant.h"

namespace latchkey::orchestrator {

inline absl::Time SampleTime() { return absl::FromUnixSeconds(1'790'000'000); }

inline TenantId SampleTenantId(std::string_view name) {
  return *TenantId::Parse("tnt_" + std::string(name));
}

inline Tenant SampleTenant(std::string_view name) {
  Tenant tenant;
  tenant.id = SampleTenantId(name);
  tenant.name = "Blue Dental";
  tenant.country = "US";
  tenant.currency = "USD";
  tenant.plan = Plan::kByok;
  tenant.rules.countries = {"US", "CA"};
  tenant.create_time = SampleTime();
  return tenant;
}

inline Number SampleNumber(const TenantId& tenant, std::string_view name, std::string e164) {
  Number number;
  number.id = *NumberId::Parse("num_" + std::string(name));
  number.tenant = tenant;
  number.e164 = std::move(e164);
  number.agent.system_prompt = "You are the receptionist of Blue Dental.";
  number.agent.first_message = "Hello, this is Blue Dental.";
  number.agent.voice_id = "voice-1";
  number.agent.record = true;
  number.agent.call_duration_max = absl::Minutes(5);
  number.agent.tools = {{.name = "find_slot",
                         .description = "Finds a free appointment.",
                         .parameters = R"({"type":"object"})",
                         .url = "https://tools.example/find-slot",
                         .timeout = absl::Milliseconds(2'500),
                         .filler = "Let me look."}};
  number.agent.transfer_targets = {{.name = "front_desk", .e164 = "+14155550199"}};
  number.create_time = SampleTime();
  return number;
}

inline CallEvent SampleEvent(const TenantId& tenant, std::string_view call, int64_t sequence,
                             decltype(CallEvent::what) what) {
  CallEvent event;
  event.call = *CallId::Parse("call_" + std::string(call));
  event.tenant = tenant;
  event.sequence = sequence;
  event.time = SampleTime() + absl::Seconds(sequence);
  event.what = std::move(what);
  return event;
}

inline Utterance Said(Speaker speaker, std::string text, absl::Duration start) {
  return {speaker, std::move(text), start, start + absl::Seconds(1), false};
}

}  // namespace latchkey::orchestrator
