// TLS between services: private CA, one certificate per service or instance, both ends verified.
#pragma once

#include <grpcpp/security/credentials.h>

#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/tls/certificate.h"

namespace latchkey::rpc {

using TlsFiles = tls::CertificateFiles;
using TlsIdentity = tls::Certificate;

// A certificate that names one service of ours in its only URI SAN, checked as in lib/tls.
// kFailedPrecondition `bad_certificate`.
absl::StatusOr<TlsIdentity> LoadTls(const TlsFiles& files);

// Accepts only a server whose certificate has exactly one URI SAN, and that is `expected`'s SPIFFE
// id: "keyvault" (any instance of it) or "media/m1" (that instance alone). Names and addresses do
// not matter, so a leaf needs no DNS SAN.
std::shared_ptr<grpc::ChannelCredentials> ClientTls(const TlsIdentity& identity,
                                                    std::string_view expected);

}  // namespace latchkey::rpc
