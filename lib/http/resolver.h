// Resolver: from a host's name to its addresses.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/task.h"

namespace latchkey::http {

// Thread-safe, or used on one io thread.
class Resolver {
 public:
  virtual ~Resolver() = default;

  // At least one address, in the order in which they are to be tried. kUnavailable `unreachable`:
  // there is none. kCancelled `cancelled`.
  virtual Task<absl::StatusOr<std::vector<boost::asio::ip::address>>> Resolve(
      const std::string& host) = 0;
};

// The machine's own, by getaddrinfo.
class SystemResolver final : public Resolver {
 public:
  Task<absl::StatusOr<std::vector<boost::asio::ip::address>>> Resolve(
      const std::string& host) override;
};

}  // namespace latchkey::http
