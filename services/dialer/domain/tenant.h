// What admission needs to know about a tenant, its number and its keys.
#pragma once

#include <string>
#include <vector>

#include "lib/base/e164.h"
#include "services/dialer/domain/call.h"
#include "services/dialer/domain/calling_window.h"

namespace latchkey::dialer {

struct CallingRules {
  std::vector<std::string> countries;  // Empty: the tenant's own.
  CallingWindow window;
  int64_t concurrent_calls_max = 10;
};

struct Tenant {
  TenantId id;
  std::string country;   // "US"
  std::string currency;  // "USD"
  std::string plan;      // "free", "pro" or "byok"
  bool byok = false;     // Whose keys its calls use: its own, or the platform's.
  bool onboarded = false;
  CallingRules rules;
};

// What turns speech into speech; decides which AI keys a call needs.
enum class Pipeline { kComposed, kRealtime };

// Who says in a Realtime session when the person has finished speaking.
enum class TurnDetection { kServerVad, kSemanticVad };

// What the agent can do beside speaking: a tool that orchestrator runs.
struct Tool {
  std::string name;
  std::string description;
  std::string parameters;  // JSON Schema.
  absl::Duration timeout = absl::Seconds(5);
  std::string filler;
};

// Whom a call may be transferred to.
struct TransferTarget {
  std::string name;
  std::string e164;
};

// What speaks in the call, as the number's owner has set it. Passed on as it is.
struct AgentSettings {
  std::string system_prompt;
  std::string first_message;
  std::string voice_id;
  std::string llm_model;
  std::string stt_model;
  std::string tts_model;
  std::string language;
  bool record = false;
  absl::Duration call_duration_max = absl::Minutes(30);
  Pipeline pipeline = Pipeline::kComposed;
  std::string realtime_model;
  std::string realtime_voice;
  TurnDetection turn_detection = TurnDetection::kServerVad;
  std::vector<Tool> tools;
  std::vector<TransferTarget> transfer_targets;
};

struct Number {
  NumberId id;
  std::string e164;
  Provider carrier = Provider::kTwilio;
  bool platform_owned = false;
  AgentSettings agent;
};

// A number with its tenant.
struct Line {
  Number number;
  Tenant tenant;
};

// What the vault tells about one key.
struct KeyFacts {
  Provider provider = Provider::kTwilio;
  KeyScope scope;
  bool valid = false;        // Its provider takes it, as far as is known.
  bool exhausted = false;    // But the account's credit is used up.
  int64_t call_ceiling = 0;  // Calls at a time that the account bears; 0: no such limit.
};

}  // namespace latchkey::dialer
