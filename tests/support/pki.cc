#include "tests/support/pki.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

#include "lib/base/check.h"

namespace latchkey {
namespace {

// gRPC's threads outlive main. OpenSSL's cleanup at exit would take the keys of their thread-local
// error queues away, and LeakSanitizer would find the queues without an owner.
const bool kNoCleanupAtExit = OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr) == 1;

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using File = std::unique_ptr<BIO, Free<BIO_free>>;
using Connection = std::unique_ptr<BIO, Free<BIO_free_all>>;  // TLS upon TCP.
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

Key MakeKey() {
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  Check(key != nullptr, "OpenSSL makes a key");
  return key;
}

void AddExtension(X509& certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &certificate, &certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  Check(extension != nullptr, "OpenSSL understands the extension");
  X509_add_ext(&certificate, extension.get(), -1);
}

Certificate MakeUnsigned(const std::string& common_name, int serial, EVP_PKEY& key,
                         absl::Duration valid_for = absl::Hours(1)) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -2 * 3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), absl::ToInt64Seconds(valid_for));
  X509_set_pubkey(certificate.get(), &key);
  const auto* text = reinterpret_cast<const unsigned char*>(common_name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8, text,
                             -1, -1, 0);
  return certificate;
}

void WriteCertificate(const std::string& path, X509& certificate) {
  const File file(BIO_new_file(path.c_str(), "w"));
  Check(file && PEM_write_bio_X509(file.get(), &certificate) == 1, "the certificate is written");
}

void WriteKey(const std::string& path, EVP_PKEY& key) {
  const File file(BIO_new_file(path.c_str(), "w"));
  Check(file &&
            PEM_write_bio_PrivateKey(file.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
        "the key is written");
}

std::string AlternativeNames(const Leaf& leaf) {
  std::string names;
  for (const std::string& uri : leaf.uris) names += (names.empty() ? "URI:" : ",URI:") + uri;
  for (const std::string& dns : leaf.dns) names += (names.empty() ? "DNS:" : ",DNS:") + dns;
  for (const std::string& ip : leaf.ips) names += (names.empty() ? "IP:" : ",IP:") + ip;
  return names;
}

}  // namespace

struct Pki::Authority {
  Key key;
  Certificate certificate;
};

Pki::Pki() {
  std::string pattern = "/tmp/latchkey-pki-XXXXXX";
  Check(mkdtemp(pattern.data()) != nullptr, "a directory for certificates can be made");
  directory_ = pattern;
  ca_file_ = directory_ + "/ca.pem";
  Key key = MakeKey();
  Certificate certificate = MakeUnsigned("test CA", 1, *key);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
  AddExtension(*certificate, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(*certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  X509_sign(certificate.get(), key.get(), EVP_sha256());
  WriteCertificate(ca_file_, *certificate);
  authority_ = std::make_unique<Authority>(Authority{std::move(key), std::move(certificate)});
}

Pki::~Pki() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

rpc::TlsFiles Pki::Issue(const Leaf& leaf) {
  const int serial = 100 + issued_++;
  const Key key = MakeKey();
  const Certificate certificate = MakeUnsigned(leaf.common_name, serial, *key, leaf.valid_for);
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(authority_->certificate.get()));
  AddExtension(*certificate, NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(*certificate, NID_ext_key_usage, "serverAuth,clientAuth");
  const std::string names = AlternativeNames(leaf);
  if (!names.empty()) AddExtension(*certificate, NID_subject_alt_name, names);
  X509_sign(certificate.get(), authority_->key.get(), EVP_sha256());
  const std::string stem = fmt::format("{}/{}", directory_, serial);
  WriteCertificate(stem + ".pem", *certificate);
  WriteKey(stem + ".key", *key);
  return {stem + ".pem", stem + ".key", ca_file_};
}

rpc::TlsFiles Pki::ForService(std::string_view name) {
  return Issue(
      {.common_name = std::string(name), .uris = {fmt::format("spiffe://latchkey/{}", name)}});
}

rpc::TlsFiles Pki::ForLocalhost() {
  return Issue({.common_name = "localhost", .dns = {"localhost"}, .ips = {"127.0.0.1"}});
}

void Replace(const rpc::TlsFiles& files, const rpc::TlsFiles& with) {
  const auto options = std::filesystem::copy_options::overwrite_existing;
  if (with.cert != files.cert) std::filesystem::copy_file(with.cert, files.cert, options);
  if (with.key != files.key) std::filesystem::copy_file(with.key, files.key, options);
}

long SerialServedAt(const std::string& address, const rpc::TlsFiles& client) {
  const std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>> context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_use_certificate_chain_file(context.get(), client.cert.c_str());
  SSL_CTX_use_PrivateKey_file(context.get(), client.key.c_str(), SSL_FILETYPE_PEM);
  const Connection connection(BIO_new_ssl_connect(context.get()));
  BIO_set_conn_hostname(connection.get(), address.c_str());
  if (BIO_do_connect(connection.get()) != 1 || BIO_do_handshake(connection.get()) != 1) return -1;
  SSL* ssl = nullptr;
  BIO_get_ssl(connection.get(), &ssl);
  const Certificate shown(SSL_get1_peer_certificate(ssl));
  return shown ? ASN1_INTEGER_get(X509_get0_serialNumber(shown.get())) : -1;
}

long SerialOf(const rpc::TlsFiles& files) {
  const File file(BIO_new_file(files.cert.c_str(), "r"));
  const Certificate certificate(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
  Check(certificate != nullptr, "the test's certificate can be read");
  return ASN1_INTEGER_get(X509_get0_serialNumber(certificate.get()));
}

rpc::TlsIdentity Unchecked(const rpc::TlsFiles& files) {
  const auto text = [](const std::string& path) {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  return {.cert_pem = text(files.cert),
          .key_pem = text(files.key),
          .ca_pem = text(files.ca),
          .uris = {},
          .not_after = absl::InfinitePast()};
}

rpc::TlsIdentity Loaded(const rpc::TlsFiles& files) {
  absl::StatusOr<rpc::TlsIdentity> identity = rpc::LoadTls(files);
  Check(identity.ok(), "the test's certificate fits its key");
  return std::move(*identity);
}

}  // namespace latchkey
