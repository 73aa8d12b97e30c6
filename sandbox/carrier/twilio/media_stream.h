// MediaStream: one WebSocket of Media Streams, Twilio's side.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "lib/base/task.h"
#include "lib/http/websocket.h"
#include "sandbox/carrier/twilio/playout_buffer.h"
#include "sandbox/carrier/twilio/stream_messages.h"

namespace latchkey::sandbox::twilio {

// Read by one coroutine, written by the call's clock alone.
class MediaStream {
 public:
  MediaStream(std::unique_ptr<http::Websocket> socket, StreamMessages messages,
              StreamMessages::Parameters parameters)
      : socket_(std::move(socket)),
        messages_(std::move(messages)),
        parameters_(std::move(parameters)) {}

  // Follows what the other side says until the connection ends. Returns "" or Twilio's error code.
  Task<std::string> Follow(PlayoutBuffer& playout);

  // Sends one tick: what the callee said, and the marks that were reached. The first tick is
  // preceded by connected and start.
  Task<absl::Status> SendTick(const Frame& said, const std::vector<std::string>& marks,
                              const std::string& pressed);

  // Says stop and closes; Follow() then returns.
  Task<void> Close();

 private:
  Task<absl::Status> Greet();

  std::unique_ptr<http::Websocket> socket_;
  StreamMessages messages_;
  const StreamMessages::Parameters parameters_;
  bool greeted_ = false;
  bool broken_ = false;
};

}  // namespace latchkey::sandbox::twilio
