// Number: a tenant's phone number, and the agent that speaks on it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/e164.h"
#include "lib/base/id.h"
#include "lib/provider/catalogue.h"
#include "services/orchestrator/domain/tool.h"

namespace latchkey::orchestrator {

// What turns speech into speech: STT, LLM and TTS, or one OpenAI Realtime session.
enum class Pipeline { kComposed, kRealtime };

// Who says in a Realtime session when the person has finished speaking.
enum class TurnDetection { kServerVad, kSemanticVad };

// The model of a Realtime agent that names none. OpenAI's current one; gpt-realtime itself is shut
// down on 2027-01-20 (its page of deprecations).
inline constexpr std::string_view kRealtimeModel = "gpt-realtime-2.1";

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
  Pipeline pipeline = Pipeline::kComposed;
  std::string realtime_model;  // Empty: kRealtimeModel.
  std::string realtime_voice;  // Empty: the platform's default.
  TurnDetection turn_detection = TurnDetection::kServerVad;
  std::vector<Tool> tools;
  std::vector<TransferTarget> transfer_targets;

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
