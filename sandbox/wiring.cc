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
      openai_(executor, clock_, stage_, speech_),
      model_lists_(anthropic_, openai_),
      frames_(executor),
      exotel_({executor, clock_, random_, stage_, speech_, frames_, calls_, client_tls}),
      twilio_({executor, clock_, random_, stage_, speech_, frames_, calls_, std::move(client_tls)}),
      control_(clock_, stage_, speech_, calls_, twilio_),
      page_(clock_, stage_, calls_, frames_) {
  router_.Add("/2010-04-01", twilio_);
  router_.Add("/v1/Accounts", exotel_);
  router_.Add("/in/v1/Accounts", exotel_);
  router_.Add("/v1/messages", anthropic_);
  router_.Add("/v1/models", model_lists_);
  router_.Add("/v1/listen", deepgram_);
  router_.Add("/v1/realtime", openai_);
  router_.Add("/v1/auth", deepgram_);
  router_.Add("/v1/projects", deepgram_);
  router_.Add("/tts", cartesia_);
  router_.Add("/voices", cartesia_);
  router_.Add("/livez", control_);
  router_.Add("/sandbox", control_);
  router_.Add("/sandbox/live", page_);
  router_.Add("/sandbox/load", page_);
  router_.Add("/", page_);
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
  co_await exotel_.Stop();
  co_await twilio_.Stop();
  if (server_ != nullptr) co_await server_->Stop(absl::Milliseconds(200));
}

}  // namespace latchkey::sandbox
