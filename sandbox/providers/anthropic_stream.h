// AnthropicStream: one answer on its way to the client, as SSE.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "lib/base/clock.h"
#include "lib/http/server.h"
#include "sandbox/providers/anthropic_events.h"
#include "sandbox/providers/fault_player.h"
#include "sandbox/scenario/stage.h"

namespace latchkey::sandbox {

// One per streaming request, after its Start(). A client that closes its connection ends the
// generation. All that it is given outlives it.
class AnthropicStream {
 public:
  AnthropicStream(Clock& clock, Stage& stage, FaultPlayer& faults, http::Responder& responder)
      : clock_(clock), stage_(stage), faults_(faults), responder_(responder) {}

  Task<void> Send(const AnthropicAnswer& answer);

 private:
  std::optional<Fault::Moment> MomentOf(const AnthropicPiece& piece);
  // OK when the piece is on its way; else nothing more is to be sent.
  Task<absl::Status> SendPiece(const AnthropicPiece& piece);
  Task<absl::Status> Put(std::string_view bytes);

  Clock& clock_;
  Stage& stage_;
  FaultPlayer& faults_;
  http::Responder& responder_;
  int tokens_ = 0;              // Sent so far.
  bool passed_middle_ = false;  // The fault of the middle has had its chance.
};

}  // namespace latchkey::sandbox
