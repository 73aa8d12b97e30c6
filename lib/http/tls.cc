#include "lib/http/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "lib/base/check.h"
#include "lib/base/error.h"

namespace latchkey::http {

namespace {

absl::Status BadFile(const std::string& file, std::string_view why) {
  ERR_clear_error();
  return Error(absl::StatusCode::kFailedPrecondition, "bad_tls_file",
               fmt::format("The TLS file {} {}.", file, why));
}

std::shared_ptr<ssl_ctx_st> MakeContext(const SSL_METHOD* method) {
  std::shared_ptr<ssl_ctx_st> context(SSL_CTX_new(method), SSL_CTX_free);
  Check(context != nullptr, "OpenSSL makes a context");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  // Idle connections hold no record buffers; plaintext that was read is overwritten.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context.get(), SSL_OP_CLEANSE_PLAINTEXT | SSL_OP_NO_RENEGOTIATION |
                                         SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_read_ahead(context.get(), 1);  // One system call a record instead of two.
  return context;
}

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;

Bio Reader(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

}  // namespace

absl::StatusOr<TlsContext> TlsContext::ForClient(const std::string& extra_ca_file) {
  TlsContext context(MakeContext(TLS_client_method()));
  SSL_CTX_set_verify(context.native(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_default_verify_paths(context.native());
  if (!extra_ca_file.empty() &&
      SSL_CTX_load_verify_file(context.native(), extra_ca_file.c_str()) != 1) {
    return BadFile(extra_ca_file, "cannot be read, or holds no PEM certificate");
  }
  ERR_clear_error();  // A machine without system roots leaves one.
  return context;
}

absl::StatusOr<TlsContext> TlsContext::ForServer(const std::string& cert_file,
                                                 const std::string& key_file) {
  TlsContext context(MakeContext(TLS_server_method()));
  if (SSL_CTX_use_certificate_chain_file(context.native(), cert_file.c_str()) != 1) {
    return BadFile(cert_file, "cannot be read, or holds no PEM certificate");
  }
  if (SSL_CTX_use_PrivateKey_file(context.native(), key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return BadFile(key_file, "cannot be read, or is not the key of the certificate");
  }
  if (SSL_CTX_check_private_key(context.native()) != 1) {
    return BadFile(key_file, "is not the key of the certificate");
  }
  return context;
}

TlsContext TlsContext::ForServer(const tls::Certificate& certificate) {
  TlsContext context(MakeContext(TLS_server_method()));
  const Bio chain = Reader(certificate.cert_pem);
  const std::unique_ptr<X509, Free<X509_free>> leaf(
      PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr));
  const Bio key_text = Reader(certificate.key_pem);
  const std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key(
      PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  Check(leaf != nullptr && key != nullptr, "a checked certificate can be read again");
  Check(SSL_CTX_use_certificate(context.native(), leaf.get()) == 1, "OpenSSL takes it");
  while (X509* const next = PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr)) {
    Check(SSL_CTX_add0_chain_cert(context.native(), next) == 1, "OpenSSL takes its chain");
  }
  Check(SSL_CTX_use_PrivateKey(context.native(), key.get()) == 1, "and its key");
  ERR_clear_error();  // The end of the chain leaves one.
  return context;
}

}  // namespace latchkey::http
