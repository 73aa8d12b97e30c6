// AgentStream: one stream of Exotel's, its side: what its messages do to a call.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sandbox/callee/callee_phone.h"
#include "sandbox/carrier/exotel/stream_messages.h"
#include "sandbox/carrier/exotel/stream_url.h"
#include "sandbox/carrier/playout_buffer.h"
#include "sandbox/carrier/stream_socket.h"
#include "sandbox/scenario/quirks/exotel.h"

namespace latchkey::sandbox::exotel {

// Lives on the sandbox's io thread, from the handshake until the call is done with it.
class AgentStream {
 public:
  // A chunk that is no multiple of this leaves a gap of 20 ms after it.
  static constexpr size_t kChunkStep = 320;
  // A longer one is refused: the stream is closed with 1009.
  static constexpr size_t kChunkBytesMax = 100'000;

  // `playout` outlives it.
  AgentStream(StreamMessages messages, StreamUrl url, const ExotelQuirks& quirks,
              PlayoutBuffer& playout);
  ~AgentStream();

  // Takes the connection, says connected and start, and runs it in `group`.
  void Open(const Executor& executor, Clock& clock, std::unique_ptr<http::Websocket> socket,
            FaultPlayer faults, Group& group);

  // One tick: what the person said, and the marks that were reached.
  void SendTick(const CalleePhone::Answer& answer, const std::vector<std::string>& marks);

  // Says stop, when the scenario wants it, and closes. Once.
  void End(std::string_view reason);

  bool over() const { return socket_->over() || given_up_; }
  // Exotel ended it; else the other side did.
  bool ended() const { return ending_; }
  bool broken() const { return socket_->broken() && !ending_; }
  absl::Duration age() const { return age_; }

 private:
  void OnMessage(const http::Message& message);
  void Play(std::vector<uint8_t> pcm);

  StreamMessages messages_;
  const StreamUrl url_;
  const ExotelQuirks quirks_;
  PlayoutBuffer& playout_;
  std::shared_ptr<StreamSocket> socket_;  // Shared with its own coroutines.
  std::vector<uint8_t> said_;             // Mu-law that waits until a chunk is full.
  absl::Duration age_;
  absl::Duration ending_for_;
  bool ending_ = false;
  bool given_up_ = false;  // Nobody waits for the end of it any more.
};

}  // namespace latchkey::sandbox::exotel
