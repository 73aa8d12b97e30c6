// Number: a tenant's phone number, and the agent that speaks on it.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/e164.h"
#include "lib/base/id.h"
#include "lib/provider/catalogue.h"

namespace latchkey::orchestrator {

// What speaks on a number.
struct Agent {
  std::string system_prompt;
  std::string first_message;
  std::string voice_id;   // Cartesia's.
  std::string llm_model;  // Empty: the platform's default; the same for the next two.
  std::string stt_model;
  std::string tts_model;
  std::string language = "en";  // BCP 47
  bool record = false;
  absl::Duration call_duration_max = absl::Minutes(30);

  friend bool operator==(const Agent&, const Agent&) = default;
};

struct Number {
  NumberId id;
  TenantId tenant;
  std::string e164;  // Parsed by E164.
  Provider carrier = Provider::kTwilio;
  bool platform_owned = false;  // Of the platform's carrier account, not the tenant's.
  Agent agent;
  absl::Time create_time;

  friend bool operator==(const Number&, const Number&) = default;
};

// kInvalidArgument `malformed_request`: the message names the field.
absl::Status Validate(const Agent& agent);
absl::Status Validate(const Number& number);

}  // namespace latchkey::orchestrator
