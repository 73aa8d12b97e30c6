// Pki: a private CA of a test's own, and certificates of every shape, good and bad.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "lib/rpc/tls.h"

namespace latchkey {

// What a leaf says about its owner.
struct Leaf {
  std::string common_name = "test";
  std::vector<std::string> uris;              // "spiffe://latchkey/media/m1"
  std::vector<std::string> dns;               // "localhost"
  std::vector<std::string> ips;               // "127.0.0.1"
  absl::Duration valid_for = absl::Hours(1);  // Negative: it ended so long ago.
};

// Files live in a directory under /tmp that goes with the object. P-256, valid since two hours ago.
class Pki {
 public:
  Pki();
  ~Pki();
  Pki(const Pki&) = delete;
  Pki& operator=(const Pki&) = delete;

  // A certificate of this CA.
  rpc::TlsFiles Issue(const Leaf& leaf);
  // "keyvault" or "media/m1": the URI SAN spiffe://latchkey/<name>, as deployed.
  rpc::TlsFiles ForService(std::string_view name);
  // For an HTTPS server on loopback: DNS localhost, IP 127.0.0.1.
  rpc::TlsFiles ForLocalhost();

  const std::string& ca_file() const { return ca_file_; }
  const std::string& directory() const { return directory_; }

 private:
  struct Authority;
  std::unique_ptr<Authority> authority_;
  std::string directory_;
  std::string ca_file_;
  int issued_ = 0;
};

// Puts the certificate and the key of `with` in the place of `files`' own, where they differ.
void Replace(const rpc::TlsFiles& files, const rpc::TlsFiles& with);

// The serial number of the certificate that a TLS server shows a client that has `client`'s; -1
// when the handshake fails. `address` is "127.0.0.1:<port>".
long SerialServedAt(const std::string& address, const rpc::TlsFiles& client);
// The serial number of the certificate in a file.
long SerialOf(const rpc::TlsFiles& files);

// The same, loaded; for rpc::Peers. Ends the test program when the files do not fit.
rpc::TlsIdentity Loaded(const rpc::TlsFiles& files);
// The same without a look at what the files say, for those who should be refused.
rpc::TlsIdentity Unchecked(const rpc::TlsFiles& files);

}  // namespace latchkey
