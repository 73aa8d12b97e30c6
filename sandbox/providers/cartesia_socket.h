// Cartesia's websocket: many contexts, one after another or side by side, each a stream of speech.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/spawn.h"
#include "lib/http/websocket.h"
#include "sandbox/providers/cartesia_messages.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/speech_engines.h"

namespace latchkey::sandbox {

// Speaks each piece of text when it comes, in order, several times faster than real time. A
// generation under way when its context is cancelled stops at its next piece of audio.
class CartesiaSocket {
 public:
  CartesiaSocket(Executor executor, Clock& clock, Stage& stage, SpeechEngines& speech,
                 std::unique_ptr<http::Websocket> socket);

  // Until the client closes.
  Task<void> Run();

 private:
  struct Context {
    int64_t samples = 0;  // Spoken so far.
    int flushes = 0;
    bool begun = false;
  };

  Task<void> Listen();
  Task<void> Work();
  Task<void> Serve(const GenerationRequest& request);
  Task<absl::Status> Generate(const GenerationRequest& request);
  Task<absl::Status> Speak(const GenerationRequest& request);
  Task<absl::Status> SendAudio(const GenerationRequest& request, std::string_view audio);
  Task<absl::Status> Say(const std::string& text);
  // False when a fault has ended the socket or the context.
  Task<bool> MidStream(const GenerationRequest& request);
  Task<void> Hang();

  Clock& clock_;
  Stage& stage_;
  SpeechEngines& speech_;
  std::unique_ptr<http::Websocket> socket_;
  std::deque<GenerationRequest> waiting_;
  std::map<std::string, Context> contexts_;
  std::set<std::string> cancelled_;  // Also those that an error has ended.
  boost::asio::steady_timer more_;   // Cancelled when a request has come.
  bool over_ = false;
};

}  // namespace latchkey::sandbox
