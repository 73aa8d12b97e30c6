// OpenaiSession: a Realtime session as a state machine: events in, actions out, no socket.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "sandbox/providers/openai_config.h"
#include "sandbox/providers/openai_conversation.h"
#include "sandbox/providers/openai_error.h"
#include "sandbox/providers/openai_response.h"
#include "sandbox/providers/openai_usage.h"
#include "sandbox/scenario/scenario.h"

namespace latchkey::sandbox {

// What a session wants done.
struct OpenaiAction {
  enum class Kind {
    kSend,    // `text` is an event for the client.
    kClose,   // With `close_code` and `text`, once everything before it has been sent.
    kHear,    // `text` holds the user's audio, in the session's input format.
    kCommit,  // Whatever has been heard since the last turn is the item `item_id`.
    kForget,  // What has been heard since the last turn is dropped.
    kListen,  // The input format or the turn detection has changed.
    kRespond  // A response has begun: it wants a reply.
  };

  Kind kind = Kind::kSend;
  std::string text;
  std::string item_id;
  std::string response_id;  // Of an event that tells of a response.
  std::optional<Fault::Moment> moment;
  uint16_t close_code = 0;
};
using OpenaiActions = std::vector<OpenaiAction>;

struct OpenaiSessionOptions {
  std::shared_ptr<const Scenario> scenario;  // Shared with the stage, which may change its own.
  std::string id = "sess_1";
  std::string model;
  absl::Time begin;
  std::optional<OpenaiError> refusal;  // Told at once; the session ends with it.
  std::optional<OpenaiError> failure;  // Every response fails with it.
};

// A turn of the user's: speech_started, speech_stopped, committed; then the reply; then, at any
// time, the transcription. Audio positions count from the session's first sample.
class OpenaiSession {
 public:
  explicit OpenaiSession(OpenaiSessionOptions options);

  OpenaiActions Begin();

  // A message of the client's.
  OpenaiActions OnText(std::string_view message, absl::Time now);
  OpenaiActions OnBinary();

  // Voice activity. The stop commits the user's item, whose id the kCommit action has.
  OpenaiActions OnSpeechStarted(absl::Duration at, absl::Time now);
  OpenaiActions OnSpeechStopped(absl::Duration start, absl::Duration end, absl::Time now);
  // The words of a committed item are known: to the model, then to the one who transcribes.
  void OnHeard(std::string_view item_id, std::string words);
  OpenaiActions OnTranscribed(std::string_view item_id);

  // The response under way waits for a reply, and can have one: all that was said is understood.
  bool WantsReply() const;
  OpenaiReply PlanReply() const;
  bool speaks() const { return response_.has_value() && response_->setup().audio; }
  OpenaiActions OnReply(OpenaiReply reply, absl::Time now);
  // The next piece of the response under way, response.done included. Empty without one.
  OpenaiActions NextPiece(absl::Time now);
  // The response under way fails, as with a fault of the provider's.
  OpenaiActions FailResponse(const OpenaiError& error, absl::Time now);

  // Looks at the clock: the session's limit, the idle timeout.
  OpenaiActions OnTime(absl::Time now);

  const OpenaiConfig& config() const { return config_; }
  std::string response_id() const { return response_.has_value() ? response_->setup().id : ""; }
  bool responding() const { return response_.has_value() && response_->planned(); }

 private:
  using Handler = void (OpenaiSession::*)(const boost::json::object& event);
  static Handler HandlerOf(std::string_view type);

  // One for each event of a client; they append to actions_.
  void UpdateSession(const boost::json::object& event);
  void AppendAudio(const boost::json::object& event);
  void CommitAudio(const boost::json::object& event);
  void ClearAudio(const boost::json::object& event);
  void CreateItem(const boost::json::object& event);
  void TruncateItem(const boost::json::object& event);
  void DeleteItem(const boost::json::object& event);
  void RetrieveItem(const boost::json::object& event);
  void CreateResponse(const boost::json::object& event);
  void CancelResponse(const boost::json::object& event);

  void Send(boost::json::object event, std::string_view response_id = "");
  void SendAll(OpenaiEvents events);
  void Note(boost::json::object& event);
  void Complain(const OpenaiError& error);
  void End(const OpenaiError& error);
  void CommitTurn(std::string item_id, int64_t audio_ms);
  void AddItem(OpenaiItem item, std::string_view previous);
  void Respond(const boost::json::value* overrides);
  void Interrupt(std::string reason);
  void FinishResponse();
  void BeginIdle(absl::Time from);
  OpenaiResponseSetup SetupFor(const boost::json::value* overrides);
  boost::json::object Shown() const;
  std::string NewId(std::string_view prefix);
  OpenaiActions Take() { return std::exchange(actions_, {}); }

  const OpenaiSessionOptions options_;
  const OpenaiQuirks& quirks_;
  OpenaiConfig config_;
  OpenaiConversation conversation_;
  OpenaiRateLimit limit_;
  std::optional<OpenaiResponse> response_;
  boost::json::value overrides_;  // Of the response under way; null when there are none.
  OpenaiTokens cached_;           // What the last response has read.
  OpenaiActions actions_;
  absl::Time now_;
  std::string cause_;  // The client's event_id that is being dealt with.
  int64_t ids_ = 0;
  int64_t buffered_bytes_ = 0;  // Since the last turn.
  int64_t position_ms_ = 0;     // Of all audio that has come.
  std::string speaking_item_;   // The item that the user is speaking.
  bool respond_next_ = false;   // A turn has ended while a response went on.
  bool spoken_ = false;         // There has been audio, so the voice is frozen.
  bool over_ = false;
  absl::Time idle_at_ = absl::InfiniteFuture();
};

}  // namespace latchkey::sandbox
