// CallRunner: lives through calls: rings the callee, performs TwiML, tells the status callbacks.
#pragma once

#include <memory>
#include <string>

#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/base/spawn.h"
#include "lib/http/client.h"
#include "lib/http/tls.h"
#include "sandbox/carrier/twilio/call.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/speech_engines.h"

namespace latchkey::sandbox::twilio {

// "CA" and 32 hexadecimal digits.
std::string MakeSid(std::string_view prefix, Random& random);

// What a call needs of the world. All of it outlives the calls.
struct CallSurroundings {
  Executor executor;
  Clock& clock;
  Random& random;
  Stage& stage;
  SpeechEngines& speech;
  http::TlsContext client_tls;  // Trusts what the callbacks and streams are served with.
};

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
  Task<void> Ring(std::shared_ptr<Call> call, Callee callee);
  Task<void> Talk(std::shared_ptr<Call> call, Callee callee);
  Task<bool> WaitWhileWanted(std::shared_ptr<Call> call, absl::Duration duration);

  // Moves the call on and sends the status callback, if it was ordered, without waiting for it.
  void Become(Call& call, CallStatus status);
  Task<void> SendCallback(std::string url, std::string body, std::string signature);

  CallSurroundings surroundings_;
  http::Client client_;
  Group group_;
};

}  // namespace latchkey::sandbox::twilio
