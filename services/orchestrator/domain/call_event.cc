#include "services/orchestrator/domain/call_event.h"

#include <algorithm>

#include "services/orchestrator/domain/reasons.h"

namespace latchkey::orchestrator {
namespace {

constexpr size_t kTextBytesMax = 16'000;
constexpr size_t kWordBytesMax = 100;  // Of a state, a disposition, a reason.
constexpr size_t kFileBytesMax = 200;

absl::Status ValidateWhat(const Utterance& utterance) {
  if (utterance.text.size() > kTextBytesMax) {
    return Malformed("An utterance has at most 16000 bytes.");
  }
  if (utterance.start_offset < absl::ZeroDuration() ||
      utterance.end_offset < utterance.start_offset) {
    return Malformed("An utterance ends after it starts, and both after the answer.");
  }
  return absl::OkStatus();
}

absl::Status ValidateWhat(const TurnLatency& latency) {
  return latency.turn >= 1 ? absl::OkStatus() : Malformed("Turns count from 1.");
}

absl::Status ValidateWhat(const StateChange& change) {
  constexpr std::string_view kStates[] = {"placing", "ringing", "answered", "ended"};
  if (std::find(std::begin(kStates), std::end(kStates), change.state) == std::end(kStates)) {
    return Malformed("A state is placing, ringing, answered or ended.");
  }
  if (change.disposition.size() > kWordBytesMax || change.reason.size() > kWordBytesMax) {
    return Malformed("A disposition and a reason have at most 100 bytes.");
  }
  return absl::OkStatus();
}

absl::Status ValidateWhat(const Trouble& trouble) {
  if (trouble.reason.empty() || trouble.reason.size() > kWordBytesMax) {
    return Malformed("A trouble has a reason of at most 100 bytes.");
  }
  if (trouble.message.size() > kTextBytesMax) {
    return Malformed("A trouble's message has at most 16000 bytes.");
  }
  return absl::OkStatus();
}

absl::Status ValidateWhat(const RecordingReady& recording) {
  if (!IsPlainFileName(recording.file)) return Malformed("A recording's file is a plain name.");
  return absl::OkStatus();
}

absl::Status ValidateWhat(const ModelUsage& usage) {
  if (usage.model.size() > kWordBytesMax) return Malformed("A model's name has at most 100 bytes.");
  const int64_t counts[] = {usage.input_text_tokens,  usage.input_audio_tokens,
                            usage.cached_text_tokens, usage.cached_audio_tokens,
                            usage.output_text_tokens, usage.output_audio_tokens};
  if (*std::min_element(std::begin(counts), std::end(counts)) < 0) {
    return Malformed("Tokens count up from 0.");
  }
  return absl::OkStatus();
}

}  // namespace

bool IsEnd(const CallEvent& event) {
  const auto* change = std::get_if<StateChange>(&event.what);
  return change != nullptr && change->state == "ended";
}

bool IsPlainFileName(std::string_view name) {
  if (name.empty() || name.size() > kFileBytesMax || name.front() == '.') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

absl::Status Validate(const CallEvent& event) {
  if (event.sequence < 1) return Malformed("Sequences count from 1.");
  return std::visit([](const auto& what) { return ValidateWhat(what); }, event.what);
}

}  // namespace latchkey::orchestrator
