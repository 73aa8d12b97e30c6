// OpenaiSocket: one Realtime session on its websocket.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/spawn.h"
#include "lib/http/websocket.h"
#include "sandbox/providers/fault_player.h"
#include "sandbox/providers/openai_ears.h"
#include "sandbox/providers/openai_session.h"
#include "sandbox/providers/openai_turn.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/speech_engines.h"

namespace latchkey::sandbox {

// Does what the session wants done: reads, hears, speaks and writes side by side. The audio of a
// response comes faster than real time, by the scenario's `speed`. Lives on the io thread; the
// clock, the stage and the engines outlive it.
class OpenaiSocket {
 public:
  OpenaiSocket(Executor executor, Clock& clock, Stage& stage, SpeechEngines& speech,
               OpenaiSessionOptions options, FaultPlayer player,
               std::unique_ptr<http::Websocket> socket);

  // Until one of the two closes.
  Task<void> Run();

 private:
  // The sound of a turn, whose words are to be found.
  struct Sound {
    std::string item_id;  // Empty: of a semantic turn that may go on.
    std::unique_ptr<Recognition> recognition;
  };
  struct Transcription {
    std::string item_id;
    absl::Time due;
  };

  Task<void> Listen();
  Task<void> Write();
  Task<void> Understand();
  Task<void> Speak();
  Task<void> WatchTime();

  // False when the connection is of no more use.
  Task<bool> WriteOne(OpenaiAction action);
  Task<bool> Answer(std::string response_id);
  Task<void> Woken();
  void Wake() { more_.cancel(); }
  void End();

  void Apply(OpenaiActions actions);
  void Do(OpenaiAction action);
  void Hear(std::string_view audio);
  void OnVoice(Hearing::Event event);
  void OnPause(Hearing::Event event);
  void Commit(std::string item_id);
  void Listen(const OpenaiConfig& config);
  void Understood(const std::string& item_id, std::string words);
  void EndTurn();
  std::string Complain(const Fault& fault);
  void DropRest(const std::string& response_id);
  absl::Duration PieceTime();

  Clock& clock_;
  Stage& stage_;
  SpeechEngines& speech_;
  const std::shared_ptr<const Scenario> scenario_;  // Shared with the stage, which may change it.
  OpenaiSession session_;
  OpenaiEars ears_;
  FaultPlayer player_;
  std::unique_ptr<http::Websocket> socket_;
  std::optional<OpenaiSemanticTurn> turn_;  // Only with semantic_vad.
  std::unique_ptr<Recognition> ended_;      // Of the turn that the next commit is for.
  std::optional<std::string> known_words_;  // The same, where they are known already.
  std::deque<OpenaiAction> outbox_;
  std::deque<Sound> sounds_;
  std::deque<Transcription> transcriptions_;
  boost::asio::steady_timer more_;  // Cancelled when there is something to do.
  bool complained_ = false;
  bool over_ = false;
};

}  // namespace latchkey::sandbox
