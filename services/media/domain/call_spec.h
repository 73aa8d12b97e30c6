// CallSpec: everything about a call that was fixed at admission.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace latchkey::media {

// What turns speech into speech: STT, LLM and TTS, or one OpenAI Realtime session.
enum class Pipeline { kComposed, kRealtime };

// Who says in a Realtime session when the person has finished speaking.
enum class TurnDetection { kServerVad, kSemanticVad };

// What the agent can do beside speaking: a tool of the tenant's, which orchestrator runs.
struct Tool {
  std::string name;
  std::string description;
  std::string parameters;  // JSON Schema of an object.
  absl::Duration timeout = absl::Seconds(5);
  std::string filler;  // Said while it runs; may be empty.
};

// Whom a call may be transferred to.
struct TransferTarget {
  std::string name;  // "front_desk"
  std::string e164;
};

// What speaks in the call.
struct AgentSettings {
  std::string system_prompt;
  std::string first_message;
  std::string voice_id;
  std::string llm_model;
  std::string stt_model;
  std::string tts_model;
  std::string language = "en";
  bool record = false;
  absl::Duration call_duration_max = absl::Minutes(30);
  Pipeline pipeline = Pipeline::kComposed;
  std::string realtime_model = "gpt-realtime-2.1";
  std::string realtime_voice = "marin";
  TurnDetection turn_detection = TurnDetection::kServerVad;
  std::vector<Tool> tools;
  std::vector<TransferTarget> transfer_targets;  // None: no transfer_call.
};

// Who calls whom.
enum class Direction { kOutbound, kInbound };

struct CallSpec {
  std::string call_id;
  std::string tenant_id;
  std::string number_id;
  Direction direction = Direction::kOutbound;
  std::string from;             // E.164; inbound what the carrier tells, such as "anonymous".
  std::string to;               // E.164
  std::string carrier_call_id;  // Inbound: known from the start. Else empty.
  std::string stream_token;     // Inbound: of the stream's URL, which the carrier has already.
  AgentSettings agent;
  absl::Duration ring_duration_max = absl::Seconds(30);
};

// How a call ended, in dialer's words.
enum class Disposition { kCompleted, kBusy, kNoAnswer, kFailed, kCanceled };

// "completed", "busy", "no_answer", "failed", "canceled".
const char* DispositionText(Disposition disposition);

// What the record says when a call is over.
struct Outcome {
  Disposition disposition = Disposition::kCompleted;
  std::string reason;   // One of reasons.h; empty when there is nothing to explain.
  std::string message;  // For people; never a key.
  absl::Time answer_time = absl::InfinitePast();  // InfinitePast: never answered.
  absl::Time end_time = absl::InfinitePast();
  absl::Duration carrier_duration = absl::Seconds(-1);  // Negative: the carrier was not asked.
  std::string carrier_call_id;
};

}  // namespace latchkey::media
