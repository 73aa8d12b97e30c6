// ComposedConversation: the turns of one call over STT, LLM and TTS.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "services/media/domain/call_spec.h"
#include "services/media/domain/conversation.h"
#include "services/media/domain/ears.h"
#include "services/media/domain/failure_policy.h"
#include "services/media/domain/history.h"
#include "services/media/domain/keypad.h"
#include "services/media/domain/phone_line.h"
#include "services/media/domain/ports.h"
#include "services/media/domain/reply.h"
#include "services/media/domain/speaker.h"
#include "services/media/domain/tool_desk.h"
#include "services/media/domain/turn_latency.h"

namespace latchkey::media {

// A state machine without I/O: events in by the listeners' methods and Tick, commands out through
// the ports.
//
//   preparing ─► listening ⇄ replying ─► ending ─► ended
//
// Barge-in: while the agent speaks, the callee's voice stops the playout, the LLM and the TTS at
// once; what was not heard is not in the history. If no words follow, it was noise, and the agent
// goes on where it stopped. Every wait has an end. Lives on one io thread; the ports outlive it.
class ComposedConversation final : public Conversation,
                                   public SpeechToText::Listener,
                                   public Speaker::Owner,
                                   public Reply::Owner,
                                   public ToolDesk::Owner {
 public:
  struct Ports {
    SpeechToText& stt;
    LanguageModel& llm;
    TextToSpeech& tts;
    ToolRunner& tools;
    CarrierLeg& leg;
    CallLog& log;
    const Clock& clock;
    Recorder* recorder = nullptr;  // Null: not recorded.
  };

  ComposedConversation(const CallSpec& spec, const Ports& ports);

  // Has what is said first synthesised as well.
  void Prepare() override;
  void Tick() override;
  void Farewell(std::string_view reason, std::string_view line) override;
  void End(std::string_view reason, std::string_view message) override;
  absl::Time begin_time() const override { return line_.open_time(); }
  const std::optional<Ending>& ending() const override { return ending_; }

  Speaker& speaker() { return speaker_; }
  const History& history() const { return history_; }

  // SpeechToText::Listener
  void OnTranscript(std::string_view text, bool final, bool ended) override;
  void OnUtteranceEnd() override;
  void OnSpeechToTextDown(const absl::Status& why) override;
  // CarrierLeg::Listener
  void OnStreamStart() override;
  void OnAudio(int64_t start, Audio audio) override;
  void OnMark(int64_t mark) override;
  void OnKey(char key) override;
  void OnStreamEnd(bool hung_up) override;
  // Reply::Owner
  void OnFirstToken() override;
  void OnReplyWhole(bool said, std::vector<ToolUse> uses) override;
  // ToolDesk::Owner
  void OnToolFailed(const absl::Status& why) override;
  // Speaker::Owner, Reply::Owner
  void OnRecovered(Party party, const absl::Status& from) override;
  void OnLost(Party party, const absl::Status& why) override;

 private:
  enum class Phase { kPreparing, kListening, kReplying, kEnding, kEnded };

  void Advance(absl::Time now);
  void Retry(absl::Time now);
  void OnTurn(const CalleeTurn& turn);
  void OnKeys(const std::string& keys, absl::Time now);
  void BeginEnding(Ending next);
  void EndWith(const ToolDesk::Plan& plan, bool said);
  bool GoOnWithTools();
  void BridgeTools(absl::Time now);
  void StartReply();
  void Say(std::string_view line);
  void OnVoice(absl::Time now);
  void BargeIn();
  void GoOnAfterNoise(absl::Time now);
  void CheckSilence(absl::Time now);
  void CheckStream();
  void FinishReply();
  void LogUtterance(std::string text, bool interrupted);
  void LogLatency(const std::optional<LatencyEvent>& latency);
  void Apologise(const absl::Status& why);
  void Finish(Ending ending);

  const CallSpec spec_;
  const Ports ports_;
  PhoneLine line_;
  Speaker speaker_;
  ToolDesk desk_;
  Reply reply_;
  Ears ears_;
  Keypad keypad_;
  History history_;
  FailurePolicy stt_policy_{Party::kSpeechToText};

  Phase phase_ = Phase::kPreparing;
  std::optional<Ending> ending_;  // Set with kEnded; while kEnding, what it will be is in next_.
  Ending next_;
  absl::Status lost_;  // A provider that was lost while it rang.

  absl::Time stt_retry_at_ = absl::InfiniteFuture();
  bool stt_slow_ = false;  // Its connection was given up, because nothing came.

  bool interrupted_ = false;  // The agent was, and no words have followed yet.
  std::string unheard_;       // What it would have said.
  absl::Time held_since_ = absl::InfiniteFuture();
  absl::Time quiet_since_ = absl::InfiniteFuture();
  int reprompts_ = 0;
  absl::Time hard_stop_ = absl::InfiniteFuture();
  absl::Time time_is_up_ = absl::InfiniteFuture();

  // While the desk has a round.
  std::string tones_;                              // To be sent when the agent has spoken.
  std::string said_since_;                         // By the callee: it comes behind the results.
  bool reply_due_ = false;                         // On results that are in the history.
  absl::Time bridge_at_ = absl::InfiniteFuture();  // When a silent wait has to be explained.

  TurnLatency latency_;
};

}  // namespace latchkey::media
