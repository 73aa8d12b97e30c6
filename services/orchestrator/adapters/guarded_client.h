// GuardedClient: the one client for URLs that tenants gave.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/http/client.h"

namespace latchkey::orchestrator {

// Speaks TLS only, to addresses of the open internet only (lib/http/public_address.h), judged when
// it connects; follows no redirect, repeats nothing, and bounds time and size. Lives on one io
// thread.
class GuardedClient {
 public:
  struct Options {
    // For development and tests: addresses of this machine are let through as well.
    bool allow_loopback = false;
    http::Resolver* resolver = nullptr;  // Outlives it. Null: the machine's own.
  };

  GuardedClient(Executor executor, http::TlsContext tls, Options options);

  // The text of a 2xx answer. Errors as ToolEndpoint's.
  Task<absl::StatusOr<std::string>> Post(const http::Request& request, absl::Duration timeout);

 private:
  http::Client client_;
};

}  // namespace latchkey::orchestrator
