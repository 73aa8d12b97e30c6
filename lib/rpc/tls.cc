#include "lib/rpc/tls.h"

#include <fmt/format.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "lib/base/error.h"
#include "lib/rpc/identity.h"

namespace latchkey::rpc {
namespace {

namespace grpc_tls = grpc::experimental;

absl::Status BadCertificate(std::string_view why) {
  return Error(absl::StatusCode::kFailedPrecondition, "bad_certificate", why);
}

// Checks who the server is, after gRPC has checked its chain against the CA.
class SpiffeVerifier final : public grpc_tls::ExternalCertificateVerifier {
 public:
  explicit SpiffeVerifier(std::string expected) : expected_(std::move(expected)) {}

  bool Verify(grpc_tls::TlsCustomVerificationCheckRequest* request,
              std::function<void(grpc::Status)>, grpc::Status* sync_status) override {
    const std::vector<grpc::string_ref> uris = request->uri_names();
    if (uris.size() == 1) {
      const absl::StatusOr<Identity> server =
          ParseSpiffeId(std::string_view(uris.front().data(), uris.front().size()));
      if (server.ok() && (server->service == expected_ || server->Name() == expected_)) {
        *sync_status = grpc::Status::OK;
        return true;
      }
    }
    *sync_status =
        grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "The server is not " + expected_);
    return true;
  }
  void Cancel(grpc_tls::TlsCustomVerificationCheckRequest*) override {}

 private:
  const std::string expected_;
};

}  // namespace

absl::StatusOr<TlsIdentity> LoadTls(const TlsFiles& files) {
  if (files.cert.empty() || files.key.empty() || files.ca.empty()) {
    return BadCertificate(
        "Set --tls-cert, --tls-key and --tls-ca: services speak mutual TLS only.");
  }
  absl::StatusOr<TlsIdentity> identity = tls::LoadCertificate(files, absl::Now());
  if (!identity.ok()) return identity.status();
  if (identity->uris.size() != 1 || !ParseSpiffeId(identity->uris.front()).ok()) {
    return BadCertificate(fmt::format(
        "The certificate {} needs exactly one URI SAN, spiffe://latchkey/<service>.", files.cert));
  }
  return identity;
}

std::shared_ptr<grpc::ChannelCredentials> ClientTls(const TlsIdentity& identity,
                                                    std::string_view expected) {
  const std::vector<grpc_tls::IdentityKeyCertPair> pairs = {{identity.key_pem, identity.cert_pem}};
  grpc_tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(
      std::make_shared<grpc_tls::StaticDataCertificateProvider>(identity.ca_pem, pairs));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_verify_server_certs(true);
  options.set_certificate_verifier(
      grpc_tls::ExternalCertificateVerifier::Create<SpiffeVerifier>(std::string(expected)));
  options.set_check_call_host(false);  // The verifier looks at the identity, not at the address.
  return grpc_tls::TlsCredentials(options);
}

}  // namespace latchkey::rpc
