// Deepgram's websocket: audio in, transcripts out.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/spawn.h"
#include "lib/http/websocket.h"
#include "sandbox/providers/deepgram_messages.h"
#include "sandbox/providers/deepgram_query.h"
#include "sandbox/providers/fault_player.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/hearing.h"

namespace latchkey::sandbox {

// One streaming session. Closes with 1011 NET-0001 after ten seconds without a message.
class DeepgramSocket {
 public:
  struct World {
    Executor executor;
    Clock& clock;
    Stage& stage;
    std::shared_ptr<Recognizer> recognizer;  // Shared with the engines: see SpeechEngines.
  };

  DeepgramSocket(World world, FaultPlayer faults, const ListenOptions& options,
                 std::unique_ptr<http::Websocket> socket);

  // Until one of the two closes.
  Task<void> Run();

 private:
  struct Work {
    enum Kind { kSpeechStarted, kInterim, kUtterance, kUtteranceEnd, kEmptyFinalize, kClose };
    Kind kind = kClose;
    absl::Duration start, end;
    absl::Time noticed;
    bool from_finalize = false;
    std::unique_ptr<Recognition> recognition;
  };

  Task<void> Listen();
  Task<void> Answer();
  Task<absl::Status> Do(Work work);
  Task<absl::Status> Guess(Work work);
  Task<absl::Status> Transcribe(Work work);
  Task<absl::Status> SendFinals(const Transcript& transcript);
  Task<absl::Status> Finish();
  Task<absl::Status> Tell(const std::string& message, bool last);
  Task<absl::Status> Meet(const std::vector<Fault::Moment>& moments, const std::string& message);
  void OnAudio(std::string_view audio);
  void OnControl(std::string_view text);
  void OnFlush(bool finalize, bool close);
  void Queue(Work work);
  void QueueEvent(Hearing::Event event, bool from_finalize);
  void QueueInterim();
  // The reason of a close that is due; "" when none is.
  std::string_view Overdue() const;

  World world_;
  FaultPlayer faults_;
  ListenOptions options_;
  std::unique_ptr<http::Websocket> socket_;
  Hearing hearing_;
  std::deque<Work> waiting_;
  boost::asio::steady_timer more_;  // Cancelled when there is work.
  const absl::Time begun_;
  absl::Time last_message_;
  absl::Time last_audio_ = absl::InfinitePast();
  absl::Duration last_word_end_;
  absl::Duration utterance_start_;
  absl::Duration next_interim_;
  bool interim_waits_ = false;
  bool word_end_due_ = false;
  bool speaking_ = false;
  bool answered_ = false;  // Something of this utterance was sent.
  bool over_ = false;
};

}  // namespace latchkey::sandbox
