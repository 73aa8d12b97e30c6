// OpenAI's Realtime protocol (GA), without the socket (developers.openai.com, realtime guides).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/http/url.h"
#include "services/media/domain/call_spec.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

inline constexpr std::string_view kOpenaiTranscriber = "gpt-transcribe";

// Where to connect: the model is in the query.
http::Url OpenaiRealtimeUrl(const http::Url& base, const AgentSettings& agent);

// The names of our own events, by which errors tell what was wrong.
inline constexpr std::string_view kOpenaiSetup = "setup";

// Client events.
std::string ComposeOpenaiSetup(const AgentSettings& agent);
std::string ComposeOpenaiMessage(const Said& said);
std::string ComposeOpenaiRespond(std::string_view instructions);
inline constexpr std::string_view kOpenaiRespondInWords =
    R"({"type":"response.create","event_id":"respond","response":{"tool_choice":"none"}})";
std::string ComposeOpenaiTruncate(std::string_view item, int64_t heard);
std::string ComposeOpenaiToolOutput(std::string_view call, std::string_view output);
inline constexpr std::string_view kOpenaiCancel =
    R"({"type":"response.cancel","event_id":"cancel"})";
// Changes nothing, and is answered.
inline constexpr std::string_view kOpenaiProbe =
    R"({"type":"session.update","event_id":"probe","session":{"type":"realtime"}})";
// Into `out`, whose room is used again.
void ComposeOpenaiAudio(std::string_view audio, std::string& out);

// One event of the server's. Views lie in the message.
struct OpenaiServerEvent {
  enum class Kind {
    kSessionCreated,
    kSessionUpdated,
    kSpeechStarted,
    kSpeechStopped,
    kItemCommitted,
    kTranscribed,
    kNotTranscribed,
    kResponseCreated,
    kAudio,
    kAudioDone,
    kWords,
    kToolCall,
    kResponseDone,
    kError,
    kOther
  };

  Kind kind = Kind::kOther;
  std::string_view response;
  std::string_view item;
  std::string_view body;  // A raw JSON string: audio, words, arguments; of kResponseDone an object.
  std::string_view call;  // Of kToolCall, with `name`.
  std::string_view name;
  int64_t ms = 0;           // Of kSpeechStarted and kSpeechStopped, in the session's audio.
  int64_t expire_time = 0;  // Of kSessionCreated, in Unix seconds.
};

// Takes any bytes; what it does not know is kOther. Allocates nothing.
OpenaiServerEvent ParseOpenaiEvent(std::string_view text);

// Of kResponseDone's body.
ResponseEnd ParseOpenaiEnd(std::string_view response);

struct OpenaiErrorDetail {
  std::string type;
  std::string code;
  std::string message;
  std::string cause;  // The event_id of ours that it is about.
};

// Of a kError event.
OpenaiErrorDetail ParseOpenaiError(std::string_view text);
// Of a close frame's reason: "<type>.<code>".
OpenaiErrorDetail ParseOpenaiClose(std::string_view reason);

// What it means for the call, as ClassifyFailure says it.
absl::Status OpenaiFailure(const OpenaiErrorDetail& error);
// Whether the session is over with it, whatever the socket says.
bool EndsOpenaiSession(const OpenaiErrorDetail& error);

}  // namespace latchkey::media
