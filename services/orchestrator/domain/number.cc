#include "services/orchestrator/domain/number.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

constexpr size_t kSystemPromptBytesMax = 16'000;
constexpr size_t kFirstMessageBytesMax = 1'000;
constexpr size_t kNameBytesMax = 100;  // Of a voice, a model, a language.
constexpr size_t kRealtimeModelBytesMax = 64;
constexpr absl::Duration kCallDurationMax = absl::Hours(2);

// It travels in the URL of OpenAI's socket, and of the probe.
bool IsRealtimeModel(std::string_view model) {
  if (model.size() > kRealtimeModelBytesMax) return false;
  return std::all_of(model.begin(), model.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
  });
}

}  // namespace

absl::Status Validate(const Agent& agent) {
  if (agent.system_prompt.size() > kSystemPromptBytesMax) {
    return Malformed("system_prompt has at most 16000 bytes.");
  }
  if (agent.first_message.size() > kFirstMessageBytesMax) {
    return Malformed("first_message has at most 1000 bytes.");
  }
  for (const std::string* name : {&agent.voice_id, &agent.llm_model, &agent.stt_model,
                                  &agent.tts_model, &agent.language, &agent.realtime_voice}) {
    if (name->size() > kNameBytesMax) {
      return Malformed("A voice, a model and language have at most 100 bytes.");
    }
  }
  if (!IsRealtimeModel(agent.realtime_model)) {
    return Malformed(
        "realtime_model has at most 64 letters, digits, hyphens, dots and underscores.");
  }
  if (agent.call_duration_max <= absl::ZeroDuration() ||
      agent.call_duration_max > kCallDurationMax) {
    return Malformed("call_duration_max is more than 0 and at most 2 hours.");
  }
  if (absl::Status tools = Validate(agent.tools); !tools.ok()) return tools;
  return Validate(agent.transfer_targets);
}

absl::Status Validate(const Number& number) {
  if (provider::Describe(number.carrier).kind != provider::Kind::kCarrier) {
    return Malformed("carrier is TWILIO or EXOTEL.");
  }
  return Validate(number.agent);
}

}  // namespace latchkey::orchestrator
