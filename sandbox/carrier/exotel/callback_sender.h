// CallbackSender: tells a call's status callbacks. Nothing of them is signed.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/spawn.h"
#include "lib/http/client.h"
#include "sandbox/carrier/exotel/call.h"
#include "sandbox/carrier/exotel/callback_body.h"
#include "sandbox/carrier/surroundings.h"

namespace latchkey::sandbox::exotel {

// Lives on the sandbox's io thread.
class CallbackSender {
 public:
  // All arguments outlive it; `group` runs the deliveries.
  CallbackSender(const CallSurroundings& surroundings, http::Client& client, Group& group);

  // Sends "terminal", "answered" or "ringing", if the order asks for it, without waiting.
  void Tell(const ExotelCall& call, std::string_view event);

 private:
  // Repeats it twice, later and later, while the answer is no 200.
  Task<void> Deliver(std::string url, CallbackBody body, ExotelQuirks quirks);

  const CallSurroundings& surroundings_;
  http::Client& client_;
  Group& group_;
};

}  // namespace latchkey::sandbox::exotel
