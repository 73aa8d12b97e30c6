// Pki: a private CA of a test's own, and certificates of every shape, good and bad.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/rpc/tls.h"

namespace latchkey {

// What a leaf says about its owner.
struct Leaf {
  std::string common_name = "test";
  std::vector<std::string> uris;  // "spiffe://latchkey/media/m1"
  std::vector<std::string> dns;   // "localhost"
  std::vector<std::string> ips;   // "127.0.0.1"
};

// Files live in a directory under /tmp that goes with the object. P-256, valid for an hour.
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

// The same, loaded; for rpc::Peers. Ends the test program when the files do not fit.
rpc::TlsIdentity Loaded(const rpc::TlsFiles& files);

}  // namespace latchkey
