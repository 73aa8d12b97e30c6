// Conversation: an answered call: what is played, and the TwiML that is performed.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/http/client.h"
#include "sandbox/carrier/line.h"
#include "sandbox/carrier/surroundings.h"
#include "sandbox/carrier/twilio/call.h"
#include "sandbox/carrier/twilio/media_stream.h"
#include "sandbox/carrier/twilio/twiml_source.h"

namespace latchkey::sandbox::twilio {

// Lives from the answer to the hang-up, on the sandbox's io thread.
class Conversation final : private LineEnd {
 public:
  // All arguments outlive it; `call.phone` is set. Streams that have yet to close live on in
  // `group`.
  Conversation(const CallSurroundings& surroundings, http::Client& client, Call& call,
               Group& group);

  // Performs `first`, and whatever takes its place. Returns when the call is over, whoever ended
  // it.
  Task<void> Run(absl::StatusOr<Document> first);

 private:
  bool Over() const override { return performed_; }
  void OnHangUp() override;
  Task<void> OnTick(const CalleePhone::Answer& answer, std::vector<std::string> marks) override;

  // Performs documents until none is left or the call is hung up.
  Task<void> Perform(absl::StatusOr<Document> document);
  // False: the rest of this document is not performed.
  Task<bool> PerformVerb(Verb verb);
  Task<void> Say(std::string text);
  Task<void> Stream(Verb verb);
  Task<absl::StatusOr<std::unique_ptr<http::Websocket>>> Connect(std::string url);
  // Rings somebody else, and connects the two until one of them hangs up. An action is told of the
  // end, and what it answers takes the place of the rest of the document.
  Task<void> Dial(Verb verb);
  Task<void> Join(std::shared_ptr<Call> other, Callee person, absl::Duration at_most);
  Task<void> WaitUntilInterrupted(absl::Duration at_most);
  // Until the stream's end, of which OnTick tells.
  Task<void> WaitForStream();

  // The API replaced the TwiML, or the call is being hung up.
  bool Interrupted() const;

  const CallSurroundings& surroundings_;
  Call& call_;
  Group& group_;
  const std::shared_ptr<const Scenario> scenario_;  // Kept as it was at the answer.
  TwimlSource source_;
  PlayoutBuffer playout_;
  std::unique_ptr<MediaStream> stream_;
  std::shared_ptr<Call> dialled_;          // Shared with the registry; while the two are connected.
  std::shared_ptr<Call> ringing_;          // Shared with it too; before that.
  std::optional<DialEnd> dial_end_;        // Its action is still to be told.
  boost::asio::steady_timer stream_over_;  // Cancelled when it is.
  bool hung_up_ = false;
  bool performed_ = false;
};

}  // namespace latchkey::sandbox::twilio
