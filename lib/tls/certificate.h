// Certificate: a certificate with its chain and its key, known to fit together before it is served.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace latchkey::tls {

// Paths of PEM files.
struct CertificateFiles {
  std::string cert;  // Leaf first, then its chain.
  std::string key;
  std::string ca;  // What the leaf comes from; "" for a public CA, which the clients know.
};

// Their contents.
struct Certificate {
  std::string cert_pem;
  std::string key_pem;
  std::string ca_pem;             // "" without a CA file
  std::vector<std::string> uris;  // The leaf's URI SANs.
  absl::Time not_after;           // Of the leaf.

  // Whether both would be served as the same bytes.
  bool SameAs(const Certificate& other) const;
};

// Reads the files and checks that the key is the leaf's, that the chain leads from the leaf to the
// CA (or, without one, to its own last certificate), and that all of it is valid at `now`.
// kFailedPrecondition `bad_certificate`: the message names the file, and says what is wrong.
absl::StatusOr<Certificate> LoadCertificate(const CertificateFiles& files, absl::Time now);

}  // namespace latchkey::tls
