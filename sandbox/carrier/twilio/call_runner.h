// CallRunner: lives through calls: rings, performs TwiML, tells the status callbacks.
#pragma once

#include <memory>

#include "lib/base/spawn.h"
#include "lib/http/client.h"
#include "sandbox/carrier/ringing.h"
#include "sandbox/carrier/surroundings.h"
#include "sandbox/carrier/twilio/call.h"
#include "sandbox/carrier/twilio/callback_sender.h"
#include "sandbox/carrier/twilio/twiml_source.h"

namespace latchkey::sandbox::twilio {

// Lives on the sandbox's io thread.
class CallRunner {
 public:
  explicit CallRunner(CallSurroundings surroundings);

  // Begins `call`, which ends by itself, by its order, or by what the API writes into it. Shared
  // with the registry, which shows it meanwhile and afterwards.
  void Start(std::shared_ptr<Call> call);

  // Cancels all calls without telling anybody, and returns when they are gone.
  Task<void> Stop();

 private:
  Task<void> Run(std::shared_ptr<Call> call);
  Task<void> RunOutbound(std::shared_ptr<Call> call, Callee callee);
  // A person has called: the webhook is asked while it still rings.
  Task<void> RunInbound(std::shared_ptr<Call> call, Callee callee);
  Task<void> Talk(std::shared_ptr<Call> call, Callee callee, absl::StatusOr<Document> first);

  // Moves the call on and tells of it.
  void Become(Call& call, CallStatus status);
  void Finish(Call& call, CallStatus status, int sip_code);

  CallSurroundings surroundings_;
  http::Client client_;
  Group group_;
  CallbackSender callbacks_;
};

}  // namespace latchkey::sandbox::twilio
