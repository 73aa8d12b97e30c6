// Echo server: gRPC over mTLS that gives back what it got, with nothing of ours in between.
#pragma once

#include <string>

namespace latchkey::bench {

// Serves KeyVault.LeaseKeys at `address` until the process ends; the answer holds the request's
// bytes in one leased key. One completion queue, one thread. Never returns.
[[noreturn]] void ServeEcho(const std::string& address, const std::string& tls_folder);

}  // namespace latchkey::bench
