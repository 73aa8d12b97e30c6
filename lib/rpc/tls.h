// TLS between services: private CA, one certificate per service or instance, both ends verified.
#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace latchkey::rpc {

// Paths of PEM files.
struct TlsFiles {
  std::string cert;  // Leaf first, then its chain.
  std::string key;
  std::string ca;
};

// Their contents, known to fit together.
struct TlsIdentity {
  std::string cert_pem;
  std::string key_pem;
  std::string ca_pem;
};

// kFailedPrecondition `bad_certificate`: a file cannot be read, or the key is of another one.
absl::StatusOr<TlsIdentity> LoadTls(const TlsFiles& files);

// Requires and verifies a client certificate.
std::shared_ptr<grpc::ServerCredentials> ServerTls(const TlsIdentity& identity);

// Accepts only a server whose certificate has exactly one URI SAN, and that is `expected`'s SPIFFE
// id: "keyvault" (any instance of it) or "media/m1" (that instance alone). Names and addresses do
// not matter, so a leaf needs no DNS SAN.
std::shared_ptr<grpc::ChannelCredentials> ClientTls(const TlsIdentity& identity,
                                                    std::string_view expected);

}  // namespace latchkey::rpc
