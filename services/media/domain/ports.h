// Everything that a call asks of the world.
//
// The streaming ports (SpeechToText, LanguageModel, TextToSpeech, RealtimeModel, CarrierLeg,
// Recorder, CallLog) are commands that do not wait; what comes back goes to a listener, on the
// call's io thread, never from inside a command. A listener may give further commands, Stop
// included. Views hold for the call. The others are awaited.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/task.h"
#include "services/media/domain/call_event.h"
#include "services/media/domain/call_spec.h"
#include "services/media/domain/tool_declarations.h"
#include "services/media/domain/tool_use.h"

namespace latchkey::media {

// G.711 mu-law, 8000 Hz, mono: one byte is one sample.
using Audio = std::span<const uint8_t>;
inline constexpr int kSampleRateHz = 8000;

inline absl::Duration ToDuration(int64_t samples) { return absl::Microseconds(samples * 125); }

// Streaming STT.
class SpeechToText {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    // `final`: replaces nothing any more. `ended`: the speaker has come to an end.
    virtual void OnTranscript(std::string_view text, bool final, bool ended) = 0;
    // A gap after the last word, told apart from any transcript.
    virtual void OnUtteranceEnd() = 0;
    // The connection is gone, or was never made. Reason and code as ClassifyFailure gives them.
    virtual void OnSpeechToTextDown(const absl::Status& why) = 0;
  };
  virtual ~SpeechToText() = default;
  // Connects, and after OnSpeechToTextDown connects again. Audio is kept until it is connected.
  virtual void Start(Listener& listener) = 0;
  virtual void Hear(Audio audio) = 0;
  virtual void Finalize() = 0;  // Asks for the transcript of what it has heard so far.
  virtual void Break() = 0;     // Gives up a connection that hangs; OnSpeechToTextDown follows.
  virtual void Stop() = 0;      // No call of the listener after this.
};

// One message of the conversation so far.
struct Said {
  bool by_agent = false;
  std::string text;                 // Of the agent: before its uses. Of the callee: after results.
  std::vector<ToolUse> uses;        // By the agent; the next message has their results.
  std::vector<ToolResult> results;  // In the callee's place.
};

struct Prompt {
  std::string_view model;
  std::string_view system;
  const std::vector<Said>* messages = nullptr;
  const std::vector<ToolDeclaration>* tools = nullptr;
  bool may_use_tools = true;  // False: the model is to speak.
};

// Streaming LLM. `request` is the number of the reply: what comes back for an old one is ignored.
class LanguageModel {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void OnReplyText(int request, std::string_view delta) = 0;
    // Whole, with all of its arguments.
    virtual void OnToolUse(int request, const ToolUse& use) = 0;
    // Nothing follows for this request.
    virtual void OnReplyDone(int request) = 0;
    virtual void OnReplyFailed(int request, const absl::Status& why) = 0;
  };
  virtual ~LanguageModel() = default;
  virtual void Start(Listener& listener) = 0;  // Connects, so that the first request finds it warm.
  virtual void Ask(int request, const Prompt& prompt) = 0;  // Cancels the one before.
  virtual void Cancel() = 0;
  virtual void Stop() = 0;
};

struct SpokenWord {
  std::string_view text;
  absl::Duration start;  // From the context's first sample.
  absl::Duration end;
};

// Streaming TTS. `context` is one utterance; contexts are never used again.
class TextToSpeech {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void OnSpeech(int context, Audio audio) = 0;
    virtual void OnWord(int context, const SpokenWord& word) = 0;
    // Everything of the context has been given.
    virtual void OnSpeechDone(int context) = 0;
    // One context failed.
    virtual void OnSpeechFailed(int context, const absl::Status& why) = 0;
    // The connection is gone, or was never made, and with it every context.
    virtual void OnTextToSpeechDown(const absl::Status& why) = 0;
  };
  virtual ~TextToSpeech() = default;
  virtual void Start(Listener& listener) = 0;  // As SpeechToText::Start.
  // Pieces of a context are joined exactly as they are. `last`: nothing follows; may be empty.
  virtual void Speak(int context, std::string_view piece, bool last) = 0;
  virtual void Cancel(int context) = 0;
  virtual void Break() = 0;  // Gives up a connection that hangs; OnTextToSpeechDown follows.
  virtual void Stop() = 0;
};

// How a response of a realtime model ended.
struct ResponseEnd {
  enum class Kind { kCompleted, kCancelled, kIncomplete, kFailed };

  Kind kind = Kind::kCompleted;
  absl::Status failure;  // Of kFailed, as ClassifyFailure gives it.
  TokenUsage usage;
};

// Speech to speech: one session with a model that hears, answers, and falls silent when it is
// spoken to, all by itself. Items and responses have names, which the model gives.
class RealtimeModel {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    // The session is set up and hears, until `expire_time` at most. What the listener commands now
    // comes before any audio.
    virtual void OnSessionReady(absl::Time expire_time) = 0;
    // The callee began, or came to an end; `at` counts the samples that this session has heard.
    virtual void OnCalleeStarted(int64_t at) = 0;
    virtual void OnCalleeStopped(int64_t at) = 0;
    // What they said is an item now. Its words come at any time after, or "" if they never will.
    virtual void OnCalleeItem(std::string_view item) = 0;
    virtual void OnCalleeWords(std::string_view item, std::string_view words) = 0;
    // A response begins; one at a time.
    virtual void OnResponse(std::string_view response) = 0;
    virtual void OnAgentAudio(std::string_view response, std::string_view item, Audio audio) = 0;
    virtual void OnAgentWords(std::string_view response, std::string_view delta) = 0;
    // All audio of the item has been given.
    virtual void OnAgentItemDone(std::string_view response, std::string_view item) = 0;
    virtual void OnToolUse(std::string_view response, const ToolUse& use) = 0;
    // Nothing follows for this response.
    virtual void OnResponseDone(std::string_view response, const ResponseEnd& end) = 0;
    // The connection is gone, or was never made, and the session with it.
    virtual void OnRealtimeDown(const absl::Status& why) = 0;
  };
  virtual ~RealtimeModel() = default;
  // Connects, and after OnRealtimeDown connects again. Audio is kept until the session is ready;
  // every other command is for a session that is.
  virtual void Start(Listener& listener) = 0;
  virtual void Hear(Audio audio) = 0;
  // Tells a new session what was said before it.
  virtual void Recall(const std::vector<Said>& messages) = 0;
  // Asks for a response; `instructions` stand in for the session's, if they are not empty.
  virtual void Respond(std::string_view instructions) = 0;
  // Asks for a response of words alone, without tools.
  virtual void RespondInWords() = 0;
  virtual void CancelResponse() = 0;
  // Of the agent's item only the first `heard` samples were heard; 0: nothing.
  virtual void Truncate(std::string_view item, int64_t heard) = 0;
  virtual void AnswerTool(std::string_view call, std::string_view output) = 0;
  virtual void Break() = 0;  // Gives up a connection that hangs; OnRealtimeDown follows.
  virtual void Stop() = 0;
};

// The media stream to the carrier.
class CarrierLeg {
 public:
  class Listener {
   public:
    virtual ~Listener() = default;
    // The callee has answered, and the stream stands. First, and once.
    virtual void OnStreamStart() = 0;
    // `start`: where the audio begins on the carrier's clock, in samples since the stream's start.
    virtual void OnAudio(int64_t start, Audio audio) = 0;
    virtual void OnMark(int64_t mark) = 0;
    // A key of the callee's telephone went down: 0-9, *, #, A-D.
    virtual void OnKey(char key) = 0;
    // The stream has ended: by the callee (`hung_up`), or because the connection broke.
    virtual void OnStreamEnd(bool hung_up) = 0;
  };
  virtual ~CarrierLeg() = default;
  virtual void Play(Audio audio) = 0;
  virtual void Mark(int64_t mark) = 0;  // Comes back when what was played before it has been heard.
  virtual void Clear() = 0;             // Drops what has not been played yet.
  // Ends the stream, and with it the call: nothing follows it in the carrier's instructions. No
  // call of the listener after this.
  virtual void Close() = 0;
};

// Keeps a call's audio. Never waits: what the disk cannot take in time becomes silence.
class Recorder {
 public:
  virtual ~Recorder() = default;
  virtual void Write(Audio callee, Audio agent) = 0;  // Of equal size.
};

// Keeps what happened in a call. Never waits.
class CallLog {
 public:
  virtual ~CallLog() = default;
  virtual void Append(absl::Time when, CallEvent event) = 0;
};

}  // namespace latchkey::media
