// Cartesia's websocket: many contexts, one after another or side by side, each a stream of speech.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/spawn.h"
#include "lib/http/websocket.h"
#include "sandbox/providers/cartesia_account.h"
#include "sandbox/providers/cartesia_request.h"
#include "sandbox/providers/fault_player.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/speech_engines.h"

namespace latchkey::sandbox {

// Speaks each piece of text when it comes, in order, several times faster than real time; a piece
// that may wait (`max_buffer_delay_ms`) waits for the end of its sentence. A generation under way
// when its context is cancelled stops at its next piece of audio.
class CartesiaSocket {
 public:
  struct World {
    Executor executor;
    Clock& clock;
    Stage& stage;
    SpeechEngines& speech;
  };

  // `version` is the client's Cartesia-Version.
  CartesiaSocket(const World& world, CartesiaAccount& account, FaultPlayer faults,
                 std::string version, std::unique_ptr<http::Websocket> socket);

  // Until one of the two closes.
  Task<void> Run();

 private:
  struct Context {
    int64_t samples = 0;  // Spoken so far.
    int flushes = 0;
    int chunks = 0;
    bool told = false;           // Something was sent.
    bool passed_middle = false;  // The fault of the middle has had its chance.
    std::string settings;
    absl::Time last_audio = absl::InfiniteFuture();
    std::optional<GenerationRequest> held;  // Text that waits for more.
    absl::Time due;                         // When it waits no longer.
  };

  Task<void> Listen();
  Task<void> Work();
  Task<void> Rest();
  Task<void> Serve(GenerationRequest request);
  Task<absl::Status> Generate(const GenerationRequest& request);
  Task<absl::Status> Speak(const GenerationRequest& request);
  Task<absl::Status> SendAudio(const GenerationRequest& request, std::string_view audio);
  Task<absl::Status> Tell(const std::string& context_id, const std::string& message,
                          bool last = false);
  Task<absl::Status> Fail(const std::string& context_id, const CartesiaRefusal& refusal);
  std::vector<Fault::Moment> MomentsOf(Context& context, bool last) const;
  CartesiaRefusal WrongWith(const GenerationRequest& request) const;
  bool Hold(GenerationRequest& request);
  void TakeOverdue();
  void ForgetIfOld(const std::string& context_id);
  bool Stopped(const std::string& context_id) const;
  bool AtItsLimit(bool idle) const;

  World world_;
  CartesiaAccount& account_;
  FaultPlayer faults_;
  const std::string version_;
  std::unique_ptr<http::Websocket> socket_;
  std::deque<GenerationRequest> waiting_;
  std::map<std::string, Context> contexts_;
  std::set<std::string> cancelled_;  // By the client.
  std::set<std::string> dead_;       // By a fault.
  boost::asio::steady_timer more_;   // Cancelled when a request has come.
  const absl::Time begun_;
  absl::Time last_message_;
  size_t next_size_ = 0;  // Of the scenario's chunk sizes.
  bool over_ = false;
};

}  // namespace latchkey::sandbox
