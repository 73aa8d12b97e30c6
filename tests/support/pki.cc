#include "tests/support/pki.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#include <filesystem>
#include <utility>

#include "lib/base/check.h"

namespace latchkey {
namespace {

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

Certificate MakeUnsigned(const std::string& common_name, int serial, EVP_PKEY& key) {
  constexpr long kHour = 3600;
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kHour);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kHour);
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
  const Certificate certificate = MakeUnsigned(leaf.common_name, serial, *key);
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

rpc::TlsIdentity Loaded(const rpc::TlsFiles& files) {
  absl::StatusOr<rpc::TlsIdentity> identity = rpc::LoadTls(files);
  Check(identity.ok(), "the test's certificate fits its key");
  return std::move(*identity);
}

}  // namespace latchkey
