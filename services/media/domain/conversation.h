// Conversation: what a call's pipeline says and hears, from the answer to the goodbye.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "services/media/domain/ports.h"

namespace latchkey::media {

// How a conversation ended.
struct Ending {
  std::string reason;   // One of reasons.h, or a provider's failure.
  std::string message;  // For people.
  std::string say;      // Not empty: the carrier should say this with a voice of its own, first.
  bool on_our_side = false;  // We end it, so the carrier must be told to hang up.
  std::optional<TransferTarget> transfer = {};  // Instead of that: to connect them.
};

// One for each pipeline: a state machine without I/O. What the carrier's stream brings goes into
// it, and Tick; commands go out through the ports that it was made with, which outlive it. Every
// wait in it has an end. Lives on one io thread.
class Conversation : public CarrierLeg::Listener {
 public:
  // While it rings: connects to the providers.
  virtual void Prepare() = 0;
  // At least every 100 ms.
  virtual void Tick() = 0;
  // Says goodbye and ends: for `reason`, not at the callee's wish.
  virtual void Farewell(std::string_view reason, std::string_view line) = 0;
  // Ends at once.
  virtual void End(std::string_view reason, std::string_view message) = 0;

  // When the stream stood; InfinitePast: not yet.
  virtual absl::Time begin_time() const = 0;
  // Set when it is over. Nothing is sent to any port after that.
  virtual const std::optional<Ending>& ending() const = 0;
};

}  // namespace latchkey::media
