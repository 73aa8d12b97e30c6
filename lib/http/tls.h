// TlsContext: what one side of TLS needs: trusted roots for a client, chain and key for a server.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "lib/tls/certificate.h"

struct ssl_ctx_st;

namespace latchkey::http {

// TLS 1.2 or younger. Cheap to copy: copies share the same settings and session cache. Thread-safe.
class TlsContext {
 public:
  // Trusts the system's roots and, if `extra_ca_file` is not empty, the certificates in it.
  // kFailedPrecondition `bad_tls_file`: the message names the file.
  static absl::StatusOr<TlsContext> ForClient(const std::string& extra_ca_file = "");

  // Serves the chain in `cert_file` with the key in `key_file` (PEM).
  // kFailedPrecondition `bad_tls_file`: unreadable, or the key is not the certificate's.
  static absl::StatusOr<TlsContext> ForServer(const std::string& cert_file,
                                              const std::string& key_file);

  // Serves what has been checked already.
  static TlsContext ForServer(const tls::Certificate& certificate);

  // From here on, keys that are bound to no host are not sent either (Secret::BindTo). For
  // services: a key that nobody bound cannot leave by mistake.
  void RequireBoundKeys() { bound_keys_only_ = true; }
  bool bound_keys_only() const { return bound_keys_only_; }

  ssl_ctx_st* native() const { return context_.get(); }

 private:
  explicit TlsContext(std::shared_ptr<ssl_ctx_st> context) : context_(std::move(context)) {}
  std::shared_ptr<ssl_ctx_st> context_;  // Shared by every connection made with it.
  bool bound_keys_only_ = false;
};

}  // namespace latchkey::http
