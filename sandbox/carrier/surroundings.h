// CallSurroundings: what a simulated call needs of the world, whichever carrier it is of.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/base/spawn.h"
#include "lib/http/tls.h"
#include "sandbox/carrier/call_registry.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/frame_clock.h"
#include "sandbox/speech/speech_engines.h"

namespace latchkey::sandbox {

// All of it outlives the calls.
struct CallSurroundings {
  Executor executor;
  Clock& clock;
  Random& random;
  Stage& stage;
  SpeechEngines& speech;
  FrameClock& frames;
  CallRegistry& calls;
  http::TlsContext client_tls;  // Trusts what the callbacks and streams are served with.
};

// `prefix` and 32 hexadecimal digits: "CA" makes a call's name at Twilio, "" one at Exotel.
std::string MakeSid(std::string_view prefix, Random& random);

}  // namespace latchkey::sandbox
