#include "sandbox/wiring.h"

namespace latchkey::sandbox {

Sandbox::Sandbox(Executor executor, Scenario scenario, const SandboxOptions& options,
                 http::TlsContext client_tls)
    : executor_(executor),
      options_(options),
      stage_(std::move(scenario)),
      workers_(options.speech_threads),
      speech_(workers_),
      anthropic_(clock_, stage_),
      cartesia_(executor, clock_, stage_, speech_),
      deepgram_(executor, clock_, stage_, speech_),
      twilio_({executor, clock_, random_, stage_, speech_, std::move(client_tls)}),
      control_(stage_, speech_, twilio_) {
  router_.Add("/2010-04-01", twilio_);
  router_.Add("/v1/messages", anthropic_);
  router_.Add("/v1/models", anthropic_);
  router_.Add("/v1/listen", deepgram_);
  router_.Add("/tts", cartesia_);
  router_.Add("/livez", control_);
  router_.Add("/sandbox", control_);
}

Sandbox::~Sandbox() = default;

Task<absl::Status> Sandbox::Start() {
  absl::Status ready = co_await speech_.Prepare(stage_.scenario());
  if (!ready.ok()) co_return ready;
  absl::StatusOr<http::TlsContext> tls =
      http::TlsContext::ForServer(options_.tls_cert, options_.tls_key);
  if (!tls.ok()) co_return tls.status();
  http::ServerOptions server_options;
  server_options.listen = options_.listen;
  server_options.tls = *std::move(tls);
  auto server = http::Server::Listen(executor_, server_options, router_);
  if (!server.ok()) co_return server.status();
  server_ = *std::move(server);
  co_return absl::OkStatus();
}

Task<void> Sandbox::Stop() {
  co_await twilio_.Stop();
  if (server_ != nullptr) co_await server_->Stop(absl::Milliseconds(200));
}

}  // namespace latchkey::sandbox
