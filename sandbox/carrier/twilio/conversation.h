// Conversation: an answered call: its clock, what is played, and the TwiML that is performed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/http/client.h"
#include "sandbox/carrier/twilio/call_runner.h"
#include "sandbox/carrier/twilio/media_stream.h"
#include "sandbox/carrier/twilio/playout_buffer.h"
#include "sandbox/carrier/twilio/twiml.h"

namespace latchkey::sandbox::twilio {

// Lives from the answer to the hang-up, on the sandbox's io thread.
class Conversation {
 public:
  // `auth_token` signs. All arguments outlive it; `call.phone` is set.
  Conversation(const CallSurroundings& surroundings, http::Client& client, Call& call,
               std::string auth_token, std::string agent_voice);

  // Returns when the call is over, whoever ended it.
  Task<void> Run();

 private:
  // One tick every 20 ms from one origin: plays a frame to the callee, takes one from it.
  Task<void> KeepTime();
  Task<void> SendTick(const CalleePhone::Answer& answer);

  // Performs documents until none is left or the call is hung up.
  Task<void> Perform();
  Task<absl::StatusOr<std::vector<Verb>>> FirstDocument();
  Task<absl::StatusOr<std::vector<Verb>>> NextDocument();
  Task<absl::StatusOr<std::vector<Verb>>> Fetch(std::string url);
  // False: the rest of this document is not performed.
  Task<bool> PerformVerb(Verb verb);
  Task<void> Say(std::string text);
  Task<void> Stream(Verb verb);
  Task<void> WaitUntilInterrupted(absl::Duration at_most);

  // The API replaced the TwiML, or the call is being hung up.
  bool Interrupted() const;

  const CallSurroundings& surroundings_;
  http::Client& client_;
  Call& call_;
  const std::string auth_token_;
  const std::string agent_voice_;
  PlayoutBuffer playout_;
  // Shared by the coroutine that reads it and the clock that writes to it: whichever is last.
  std::shared_ptr<MediaStream> stream_;
  bool hung_up_ = false;
  bool performed_ = false;
};

}  // namespace latchkey::sandbox::twilio
