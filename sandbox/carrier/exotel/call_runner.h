// CallRunner: lives through Exotel's calls: rings, runs the flow or the stream, tells callbacks.
#pragma once

#include <memory>

#include "lib/base/spawn.h"
#include "lib/http/client.h"
#include "sandbox/carrier/exotel/call.h"
#include "sandbox/carrier/exotel/callback_sender.h"
#include "sandbox/carrier/ringing.h"
#include "sandbox/carrier/surroundings.h"

namespace latchkey::sandbox::exotel {

// Lives on the sandbox's io thread.
class CallRunner {
 public:
  explicit CallRunner(CallSurroundings surroundings);

  // Begins `call`. Shared with the registry, which shows it meanwhile and afterwards.
  void Start(std::shared_ptr<ExotelCall> call);

  // Cancels all calls without telling anybody, and returns when they are gone.
  Task<void> Stop();

 private:
  Task<void> Run(std::shared_ptr<ExotelCall> call);
  Task<RingOutcome> RingAndTalk(std::shared_ptr<ExotelCall> call);

  CallSurroundings surroundings_;
  http::Client client_;
  Group group_;
  CallbackSender callbacks_;
};

}  // namespace latchkey::sandbox::exotel
