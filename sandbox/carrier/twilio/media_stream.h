// MediaStream: one stream of Media Streams, Twilio's side: what its messages do to a call.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sandbox/callee/callee_phone.h"
#include "sandbox/carrier/playout_buffer.h"
#include "sandbox/carrier/stream_socket.h"
#include "sandbox/carrier/twilio/chunker.h"
#include "sandbox/carrier/twilio/stream_messages.h"
#include "sandbox/scenario/quirks/twilio.h"

namespace latchkey::sandbox::twilio {

// Lives on the sandbox's io thread, from the handshake until the call is done with it.
class MediaStream {
 public:
  // `playout` outlives it.
  MediaStream(StreamMessages messages, StreamMessages::Parameters parameters,
              const TwilioQuirks& quirks, PlayoutBuffer& playout);
  ~MediaStream();

  // Takes the connection, says connected and start, and runs it in `group`.
  void Open(const Executor& executor, Clock& clock, std::unique_ptr<http::Websocket> socket,
            FaultPlayer faults, Group& group);

  // One tick: what the callee said, and the marks that were reached.
  void SendTick(const CalleePhone::Answer& answer, const std::vector<std::string>& marks);

  // Says stop, when the scenario wants it, and closes. Once.
  void End();

  bool ending() const { return ending_; }
  bool over() const { return socket_->over() || given_up_; }
  // "", or the code of Twilio's error for how it ended: "31921".
  std::string error() const;

 private:
  void OnMessage(const http::Message& message);

  StreamMessages messages_;
  const StreamMessages::Parameters parameters_;
  const TwilioQuirks quirks_;
  PlayoutBuffer& playout_;
  Chunker chunker_;
  std::shared_ptr<StreamSocket> socket_;  // Shared with its own coroutines.
  absl::Duration age_;
  absl::Duration ending_for_;
  std::string error_;
  bool ending_ = false;
  bool given_up_ = false;  // Nobody waits for the end of it any more.
};

}  // namespace latchkey::sandbox::twilio
