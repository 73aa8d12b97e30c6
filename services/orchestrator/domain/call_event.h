// CallEvent: one thing that happened in a call, as media and dialer report it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/id.h"
#include "lib/provider/catalogue.h"

namespace latchkey::orchestrator {

// The person is the callee of a call that we place, and the caller of one that comes in.
enum class Speaker { kAgent, kCallee, kCaller };

// Something said, as it was heard. Offsets count from the answer.
struct Utterance {
  Speaker speaker = Speaker::kAgent;
  std::string text;
  absl::Duration start_offset;
  absl::Duration end_offset;
  bool interrupted = false;

  friend bool operator==(const Utterance&, const Utterance&) = default;
};

// Counted from the callee's end of speech; not set where the step did not happen.
struct TurnLatency {
  int turn = 0;  // From 1.
  std::optional<absl::Duration> stt_final;
  std::optional<absl::Duration> llm_first_token;
  std::optional<absl::Duration> tts_first_byte;
  std::optional<absl::Duration> first_frame;

  friend bool operator==(const TurnLatency&, const TurnLatency&) = default;
};

struct StateChange {
  std::string state;  // "placing", "ringing", "answered" or "ended"
  std::string disposition;
  std::string reason;

  friend bool operator==(const StateChange&, const StateChange&) = default;
};

struct Trouble {
  std::optional<Provider> provider;
  std::string reason;
  std::string message;
  bool recovered = false;

  friend bool operator==(const Trouble&, const Trouble&) = default;
};

struct RecordingReady {
  std::string file;  // A plain name in the recordings' volume.
  absl::Duration duration;

  friend bool operator==(const RecordingReady&, const RecordingReady&) = default;
};

// What one response of a realtime model used up. Cached tokens are a part of the input's.
struct ModelUsage {
  Provider provider = Provider::kOpenai;
  std::string model;
  int64_t input_text_tokens = 0;
  int64_t input_audio_tokens = 0;
  int64_t cached_text_tokens = 0;
  int64_t cached_audio_tokens = 0;
  int64_t output_text_tokens = 0;
  int64_t output_audio_tokens = 0;

  friend bool operator==(const ModelUsage&, const ModelUsage&) = default;
};

struct CallEvent {
  CallId call;
  TenantId tenant;
  int64_t sequence = 0;  // From 1 within the call and its source.
  absl::Time time;
  std::variant<Utterance, TurnLatency, StateChange, Trouble, RecordingReady, ModelUsage> what;

  friend bool operator==(const CallEvent&, const CallEvent&) = default;
};

// An event in its place: positions rise within a call, in the order of the commits, with gaps.
struct StoredEvent {
  int64_t position = 0;
  CallEvent event;
};

// The call is over; a recording may still follow.
bool IsEnd(const CallEvent& event);

// A name that stays inside its folder: letters, digits, '.', '_' and '-', not beginning with '.'.
bool IsPlainFileName(std::string_view name);

// kInvalidArgument `malformed_request`: the message names what is incomplete.
absl::Status Validate(const CallEvent& event);

}  // namespace latchkey::orchestrator
