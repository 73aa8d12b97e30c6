#include "lib/rpc/tls.h"

#include <fmt/format.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <functional>
#include <sstream>
#include <utility>
#include <vector>

#include "lib/base/error.h"
#include "lib/rpc/identity.h"

namespace latchkey::rpc {
namespace {

namespace tls = grpc::experimental;

absl::Status BadCertificate(std::string_view why) {
  return Error(absl::StatusCode::kFailedPrecondition, "bad_certificate", why);
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) {
    return BadCertificate(fmt::format("The file {} cannot be read, or is empty.", path));
  }
  return text.str();
}

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

bool Fit(const std::string& cert_pem, const std::string& key_pem) {
  const Bio cert_bio(BIO_new_mem_buf(cert_pem.data(), static_cast<int>(cert_pem.size())));
  const Bio key_bio(BIO_new_mem_buf(key_pem.data(), static_cast<int>(key_pem.size())));
  const Certificate cert(PEM_read_bio_X509(cert_bio.get(), nullptr, nullptr, nullptr));
  const PrivateKey key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr));
  return cert && key && X509_check_private_key(cert.get(), key.get()) == 1;
}

// Checks who the server is, after gRPC has checked its chain against the CA.
class SpiffeVerifier final : public tls::ExternalCertificateVerifier {
 public:
  explicit SpiffeVerifier(std::string expected) : expected_(std::move(expected)) {}

  bool Verify(tls::TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* sync_status) override {
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
  void Cancel(tls::TlsCustomVerificationCheckRequest*) override {}

 private:
  const std::string expected_;
};

}  // namespace

absl::StatusOr<TlsIdentity> LoadTls(const TlsFiles& files) {
  if (files.cert.empty() || files.key.empty() || files.ca.empty()) {
    return BadCertificate(
        "Set --tls-cert, --tls-key and --tls-ca: services speak mutual TLS only.");
  }
  absl::StatusOr<std::string> cert = ReadFile(files.cert);
  if (!cert.ok()) return cert.status();
  absl::StatusOr<std::string> key = ReadFile(files.key);
  if (!key.ok()) return key.status();
  absl::StatusOr<std::string> ca = ReadFile(files.ca);
  if (!ca.ok()) return ca.status();
  if (!Fit(*cert, *key)) {
    return BadCertificate(
        fmt::format("The key {} is not the one of the certificate {}.", files.key, files.cert));
  }
  return TlsIdentity{std::move(*cert), std::move(*key), std::move(*ca)};
}

std::shared_ptr<grpc::ServerCredentials> ServerTls(const TlsIdentity& identity) {
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = identity.ca_pem;
  options.pem_key_cert_pairs.push_back({identity.key_pem, identity.cert_pem});
  return grpc::SslServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> ClientTls(const TlsIdentity& identity,
                                                    std::string_view expected) {
  const std::vector<tls::IdentityKeyCertPair> pairs = {{identity.key_pem, identity.cert_pem}};
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(
      std::make_shared<tls::StaticDataCertificateProvider>(identity.ca_pem, pairs));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_verify_server_certs(true);
  options.set_certificate_verifier(
      tls::ExternalCertificateVerifier::Create<SpiffeVerifier>(std::string(expected)));
  options.set_check_call_host(false);  // The verifier looks at the identity, not at the address.
  return tls::TlsCredentials(options);
}

}  // namespace latchkey::rpc
