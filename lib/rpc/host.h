// Host: the server harness that every service runs in.
//
//   int main(int argc, char** argv) {
//     const Config config = Config::ParseOrExit(argc, argv, "Keeps provider keys.", kSettings);
//     rpc::Host host(config, {.service = "keyvault"});
//     Service service(config, host);
//     return host.Run();
//   }
//
// and in the service's wiring or adapter:
//
//   using Methods = pb::KeyVault::AsyncService;
//   host.Serve<pb::KeyVault>(grpc_)  // The adapter; it outlives Run().
//       .Unary(&Methods::RequestPutKey, &GrpcService::PutKey)
//       .ServerStream(&Methods::RequestWatchCall, &GrpcService::WatchCall)
//       .Bidi(&Methods::RequestProbe, &GrpcService::Probe);
//
// The adapter's methods are coroutines on the host's io thread:
//
//   Task<absl::Status> PutKey(const rpc::CallContext&, const pb::PutKeyRequest&,
//                             pb::PutKeyResponse&);
//   Task<absl::Status> WatchCall(const rpc::CallContext&, const pb::WatchCallRequest&,
//                                rpc::Writer<pb::WatchCallResponse>&);
//   Task<absl::Status> Probe(const rpc::CallContext&,
//                            rpc::ReaderWriter<pb::ProbeRequest, pb::ProbeResponse>&);
//
// The host gives every service: mTLS with a client certificate required; the `callers` option of
// every method enforced, deny by default; its certificate looked for anew, checked, and served to
// new connections, while the old ones end by age; a deadline required; reflection (for ops) and
// standard health; /livez, /readyz and /metrics over plain HTTP; one log line and two metrics per
// RPC; and a drain on SIGTERM or SIGINT: /readyz turns 503, new calls are refused, running ones get
// drain-timeout, then they are cancelled, and Run() returns.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/config.h"
#include "lib/base/task.h"
#include "lib/rpc/host_settings.h"
#include "lib/rpc/peers.h"
#include "lib/rpc/registration.h"
#include "lib/rpc/tls.h"
#include "lib/tls/certificate_watch.h"

namespace latchkey::rpc {

struct HostOptions {
  std::string service;                      // "keyvault": in logs, metrics, and for peers to expect
  int max_receive_bytes = 64 * 1024;        // A larger request is refused (RESOURCE_EXHAUSTED).
  std::string listen = "127.0.0.1:0";       // These six are overwritten from the Config by the
  std::string http_listen = "127.0.0.1:0";  // first constructor; tests set them themselves.
  TlsFiles tls;
  absl::Duration drain_timeout = absl::Seconds(10);
  absl::Duration tls_interval = absl::Seconds(10);
  absl::Duration connection_age = absl::Minutes(5);
  // Longer than any stream of ours, which all end by themselves and resume from a cursor.
  absl::Duration connection_grace = absl::Minutes(6);
};

class Host {
 public:
  // For main: hardens the process (no core files, not dumpable), starts the log, handles SIGTERM.
  // Ends the process with a sentence and code 2 when a certificate cannot be used, when the memory
  // for keys cannot be locked, or when GRPC_TRACE, GRPC_VERBOSITY or SSLKEYLOGFILE is set: they
  // print what must stay secret.
  Host(const Config& config, HostOptions options);
  // For tests, several in one process: none of that. Stop() instead of a signal.
  explicit Host(HostOptions options);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // The one io thread: the one that calls Run().
  boost::asio::io_context& io();
  // Makes clients of other services, under this process's identity.
  Peers& peers();

  // Before Start(). Every method of Service must be registered, once; Start() says what is missing.
  template <typename Service, typename Adapter>
  Registration<Service, Adapter> Serve(Adapter& adapter) {
    return Registration<Service, Adapter>(
        NewService(Service::service_full_name(),
                   std::make_unique<typename Service::AsyncService>()),
        adapter);
  }

  // The service is ready when every check says OK; each gets a second. Asked by /readyz and every
  // second for the gRPC health service. Own parts only, never a peer. `check` outlives Run().
  void AddReadiness(std::string name, std::function<Task<absl::Status>()> check);

  // Looks after another certificate of this process as after its own, every tls-interval: see
  // CertificateWatch. `serve` runs on the io thread and outlives Run().
  void WatchCertificate(std::string name, tls::CertificateFiles files, tls::Certificate served,
                        tls::CertificateWatch::Serve serve);

  // Runs on the io thread when the drain begins, beside the last calls: join here what the service
  // has spawned. Several run side by side; drain-timeout and 5 s more bound them. A service's own
  // loops may be spawned on io() at any time; they begin to run with Run(), when port() is known.
  void OnDrain(std::function<Task<void>()> hook);

  // Binds and begins to take calls, which Run() answers; it does this if it was not done.
  // kFailedPrecondition
  // `cannot_start` says why not: a port in use, a method without `callers`, an unregistered one.
  absl::Status Start();
  int port() const;       // After Start().
  int http_port() const;  // After Start().

  // Serves until a signal or Stop(), then drains. Returns the process's exit code. When it cannot
  // start it ends the process with a sentence and code 2.
  int Run();
  // Begins the drain. From any thread.
  void Stop();

 private:
  ServiceBinding& NewService(std::string_view full_name, std::unique_ptr<grpc::Service> service);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace latchkey::rpc
