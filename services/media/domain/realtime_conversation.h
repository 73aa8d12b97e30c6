// RealtimeConversation: the turns of one call over a realtime model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "services/media/domain/call_spec.h"
#include "services/media/domain/conversation.h"
#include "services/media/domain/keypad.h"
#include "services/media/domain/model_ears.h"
#include "services/media/domain/model_voice.h"
#include "services/media/domain/phone_line.h"
#include "services/media/domain/ports.h"
#include "services/media/domain/realtime_session.h"
#include "services/media/domain/tool_desk.h"
#include "services/media/domain/transcript.h"
#include "services/media/domain/turn_latency.h"

namespace latchkey::media {

// The model says when the callee begins and comes to an end, and answers by itself:
//
//   preparing ─► talking ─► ending ─► ended
//
// Barge-in: when the callee begins, the carrier drops what it has not played, and the model is told
// how much of each item was really heard. A session that breaks is made again, with the
// conversation so far as text, and with the sound of a turn that had no answer yet; a reply that
// broke off in the middle is followed by "could you say that again?". There is no TTS: when the
// model is lost, the carrier itself says the apology.
class RealtimeConversation final : public Conversation,
                                   public RealtimeModel::Listener,
                                   public ToolDesk::Owner {
 public:
  struct Ports {
    RealtimeModel& model;
    ToolRunner& tools;
    CarrierLeg& leg;
    CallLog& log;
    const Clock& clock;
    Recorder* recorder = nullptr;  // Null: not recorded.
  };

  RealtimeConversation(const CallSpec& spec, const Ports& ports);

  void Prepare() override;
  void Tick() override;
  void Farewell(std::string_view reason, std::string_view line) override;
  void End(std::string_view reason, std::string_view message) override;
  absl::Time begin_time() const override { return line_.open_time(); }
  const std::optional<Ending>& ending() const override { return ending_; }

  const History& history() const { return transcript_.history(); }

  // CarrierLeg::Listener
  void OnStreamStart() override;
  void OnAudio(int64_t start, Audio audio) override;
  void OnMark(int64_t mark) override;
  void OnKey(char key) override;
  void OnStreamEnd(bool hung_up) override;
  // RealtimeModel::Listener
  void OnSessionReady(absl::Time expire_time) override;
  void OnCalleeStarted(int64_t at) override;
  void OnCalleeStopped(int64_t at) override;
  void OnCalleeItem(std::string_view item) override;
  void OnCalleeWords(std::string_view item, std::string_view words) override;
  void OnResponse(std::string_view response) override;
  void OnAgentAudio(std::string_view response, std::string_view item, Audio audio) override;
  void OnAgentWords(std::string_view response, std::string_view delta) override;
  void OnAgentItemDone(std::string_view response, std::string_view item) override;
  void OnToolUse(std::string_view response, const ToolUse& use) override;
  void OnResponseDone(std::string_view response, const ResponseEnd& end) override;
  void OnRealtimeDown(const absl::Status& why) override;
  // ToolDesk::Owner
  void OnToolFailed(const absl::Status& why) override;

 private:
  enum class Phase { kPreparing, kTalking, kEnding, kEnded };

  // Commands for the model.
  struct Wanted {
    std::string instructions;
    bool in_words = false;  // Without tools.
  };

  void Advance(absl::Time now);
  void CheckStream();
  void CheckSilence(absl::Time now);
  void CheckEnding(absl::Time now);
  bool Quiet() const;
  bool MayEnd() const;

  void Want(std::string instructions);
  // An answer of the model's own, without tools: it has used them often enough.
  void WantWords();
  void Want(Wanted wanted);
  void Ask(absl::Time now);
  void Restore();
  void OnFirstAudio(absl::Time now);
  void ExpectAudio(absl::Time now);
  void OnTooSlow();
  void OnFailed(const absl::Status& why);
  void RunTools(bool sounded);
  void EndWith(const ToolDesk::Plan& plan);
  void GoOnWithTools(absl::Time now);
  void OnKeys(const std::string& keys);

  void BargeIn();
  void FinishUtterance(bool interrupted);
  void LogLatency(const std::optional<LatencyEvent>& latency);
  void LogUsage(const TokenUsage& usage);
  void OnLost(const absl::Status& why);
  void Apologise(const absl::Status& why);
  void Finish(Ending ending);

  const CallSpec spec_;
  const Ports ports_;
  PhoneLine line_;
  ModelVoice voice_{line_};
  ModelEars ears_;
  RealtimeSession session_;
  Transcript transcript_;

  Phase phase_ = Phase::kPreparing;
  std::optional<Ending> ending_;  // Set with kEnded; while kEnding, what it will be is in next_.
  Ending next_;
  std::string last_words_;  // To be heard before the end, and nothing of it has been yet.
  absl::Status lost_;       // The model was.

  bool knows_ = false;            // A session was ready before: the next one is told what was said.
  std::optional<Wanted> wanted_;  // The next response, as soon as there can be one.
  std::optional<Wanted> asked_;   // That was asked for, and has not been heard yet.
  bool expected_ = false;         // The next response is the one that was asked for.
  absl::Time ask_at_ = absl::InfinitePast();
  absl::Time answer_deadline_ = absl::InfiniteFuture();  // For whatever comes next of the model.
  std::vector<ToolUse> uses_;                            // By the response under way.

  ToolDesk desk_;
  bool round_lost_ = false;  // The session that asked for the round is gone.
  std::string tones_;        // To be sent when the agent has spoken.
  bool sounding_tones_ = false;
  absl::Time bridge_at_ = absl::InfiniteFuture();  // When a silent wait has to be explained.
  Keypad keypad_;
  int keys_ = 0;  // Inputs of the keypad so far.

  bool speaking_ = false;    // The callee is.
  int64_t turn_start_ = 0;   // Where their turn began, on the carrier's clock.
  int64_t turn_end_ = 0;     // And where it ended.
  bool turn_waits_ = false;  // No response has begun since they did.
  bool unanswered_ = false;  // Nothing has been heard in answer to it.
  bool written_ = false;     // Its words are known.
  bool again_ = false;       // The session hears it for the second time.
  bool broke_off_ = false;   // A reply did, with its session.

  absl::Time quiet_since_ = absl::InfiniteFuture();
  int reprompts_ = 0;
  absl::Time hard_stop_ = absl::InfiniteFuture();
  absl::Time time_is_up_ = absl::InfiniteFuture();
  TurnLatency latency_;
};

}  // namespace latchkey::media
