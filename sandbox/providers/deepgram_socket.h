// Deepgram's websocket: audio in, transcripts out.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <memory>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/spawn.h"
#include "lib/http/websocket.h"
#include "sandbox/providers/deepgram_messages.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/hearing.h"

namespace latchkey::sandbox {

// What a client asks for in the query.
struct ListenOptions {
  absl::Duration pause = absl::Milliseconds(10);        // `endpointing`
  absl::Duration utterance_end = absl::ZeroDuration();  // `utterance_end_ms`; zero sends none.
  bool vad_events = false;
};

// One streaming session. Closes with 1011 NET-0001 after ten seconds without a message.
class DeepgramSocket {
 public:
  DeepgramSocket(Executor executor, Clock& clock, Stage& stage,
                 std::shared_ptr<Recognizer> recognizer, const ListenOptions& options,
                 std::unique_ptr<http::Websocket> socket);

  // Until one of the two closes.
  Task<void> Run();

 private:
  struct Work {
    enum Kind { kSpeechStarted, kUtterance, kUtteranceEnd, kEmptyFinalize, kClose };
    Kind kind = kClose;
    absl::Duration start, end;
    absl::Time noticed;
    bool from_finalize = false;
    std::unique_ptr<Recognition> recognition;
  };

  Task<void> Listen();
  Task<void> Answer();
  Task<absl::Status> Do(Work work);
  Task<absl::Status> Transcribe(Work work);
  // False when a fault has ended the session.
  Task<bool> MidStream();
  Task<void> Hang();
  void OnAudio(std::string_view audio);
  void OnControl(std::string_view text);
  void Queue(Work work);
  void QueueEvent(Hearing::Event event, bool from_finalize);
  bool Idle() const;

  Clock& clock_;
  Stage& stage_;
  std::shared_ptr<Recognizer> recognizer_;  // Shared with the engines: see SpeechEngines.
  ListenOptions options_;
  std::unique_ptr<http::Websocket> socket_;
  Hearing hearing_;
  std::deque<Work> waiting_;
  boost::asio::steady_timer more_;  // Cancelled when there is work.
  absl::Time last_message_;
  absl::Duration last_word_end_;
  bool word_end_due_ = false;
  bool speaking_ = false;
  bool over_ = false;
};

}  // namespace latchkey::sandbox
