// CallbackSender: tells a call's status callbacks, as often, as late and as disorderly as Twilio.
#pragma once

#include <string>

#include "lib/base/spawn.h"
#include "lib/http/client.h"
#include "sandbox/carrier/surroundings.h"
#include "sandbox/carrier/twilio/call.h"

namespace latchkey::sandbox::twilio {

// Lives on the sandbox's io thread.
class CallbackSender {
 public:
  // All arguments outlive it; `group` runs the deliveries.
  CallbackSender(const CallSurroundings& surroundings, http::Client& client, Group& group);

  // Sends the callback of the call's present status, if the order asks for it, without waiting.
  void Tell(Call& call);

 private:
  Task<void> Deliver(std::string url, std::string body, std::string signature,
                     absl::Duration delay);

  const CallSurroundings& surroundings_;
  http::Client& client_;
  Group& group_;
};

}  // namespace latchkey::sandbox::twilio
