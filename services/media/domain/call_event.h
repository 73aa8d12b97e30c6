// CallEvent: what is told about a call while it runs; the transcript is made of these.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "absl/time/time.h"

namespace latchkey::media {

// A third party that a call depends on.
enum class Party { kNone, kCarrier, kSpeechToText, kLanguageModel, kTextToSpeech, kRealtimeModel };

// Something said, as it was heard. Offsets count from the answer.
struct UtteranceEvent {
  bool by_agent = false;
  std::string text;
  absl::Duration start;
  absl::Duration end;
  bool interrupted = false;
};

// Where the time between the callee's last word and the agent's first went, each counted from the
// callee's end of speech. A negative duration: the step did not happen.
struct LatencyEvent {
  int turn = 0;
  absl::Duration stt_final = absl::Milliseconds(-1);
  absl::Duration llm_first_token = absl::Milliseconds(-1);
  absl::Duration tts_first_byte = absl::Milliseconds(-1);
  absl::Duration first_frame = absl::Milliseconds(-1);
};

// The call moved on: "placing", "ringing", "answered", "ended".
struct StateEvent {
  std::string state;
  std::string disposition;
  std::string reason;
};

// Something went wrong, whether or not the call recovered.
struct TroubleEvent {
  Party party = Party::kNone;
  std::string reason;
  std::string message;
  bool recovered = false;
};

// The recording is complete.
struct RecordingEvent {
  std::string file;
  absl::Duration duration;
};

// Tokens that a realtime model counts, for its account. Cached ones are a part of the input's.
struct TokenUsage {
  int64_t input_text = 0;
  int64_t input_audio = 0;
  int64_t cached_text = 0;
  int64_t cached_audio = 0;
  int64_t output_text = 0;
  int64_t output_audio = 0;

  friend bool operator==(const TokenUsage&, const TokenUsage&) = default;
};

// What one response of a realtime model used up.
struct UsageEvent {
  std::string model;
  TokenUsage tokens;
};

using CallEvent = std::variant<UtteranceEvent, LatencyEvent, StateEvent, TroubleEvent,
                               RecordingEvent, UsageEvent>;

}  // namespace latchkey::media
