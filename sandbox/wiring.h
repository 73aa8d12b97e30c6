// Sandbox: what the sandbox is made of, in the order in which it starts.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/base/spawn.h"
#include "lib/http/server.h"
#include "lib/http/tls.h"
#include "sandbox/carrier/call_registry.h"
#include "sandbox/carrier/exotel/exotel_handler.h"
#include "sandbox/carrier/twilio/twilio_handler.h"
#include "sandbox/control_handler.h"
#include "sandbox/page/page_handler.h"
#include "sandbox/providers/anthropic.h"
#include "sandbox/providers/cartesia.h"
#include "sandbox/providers/deepgram.h"
#include "sandbox/providers/model_lists.h"
#include "sandbox/providers/openai.h"
#include "sandbox/router.h"
#include "sandbox/scenario/stage.h"
#include "sandbox/speech/frame_clock.h"
#include "sandbox/speech/speech_engines.h"

namespace latchkey::sandbox {

// How the sandbox is reached.
struct SandboxOptions {
  std::string listen = "127.0.0.1:0";
  std::string tls_cert, tls_key;  // PEM files
  size_t speech_threads = 3;
};

// Lives on one io thread, but for the speech workers.
class Sandbox {
 public:
  Sandbox(Executor executor, Scenario scenario, const SandboxOptions& options,
          http::TlsContext client_tls);
  ~Sandbox();

  // Prepares the speech, then listens. kFailedPrecondition as http::Server::Listen and
  // http::TlsContext; whatever SpeechEngines::Prepare says.
  Task<absl::Status> Start();
  // Ends every call without a word and stops listening.
  Task<void> Stop();

  uint16_t port() const { return server_->port(); }
  Stage& stage() { return stage_; }
  SpeechEngines& speech() { return speech_; }

 private:
  const Executor executor_;
  const SandboxOptions options_;
  SystemClock clock_;
  SystemRandom random_;
  Stage stage_;
  Workers workers_;
  SpeechEngines speech_;
  AnthropicProvider anthropic_;
  CartesiaProvider cartesia_;
  DeepgramProvider deepgram_;
  OpenaiProvider openai_;
  ModelLists model_lists_;
  CallRegistry calls_;
  FrameClock frames_;
  exotel::ExotelHandler exotel_;
  twilio::TwilioHandler twilio_;
  ControlHandler control_;
  PageHandler page_;
  Router router_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace latchkey::sandbox
