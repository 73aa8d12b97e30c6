#include "sandbox/self_signed.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <filesystem>
#include <memory>

#include "lib/base/error.h"

namespace latchkey::sandbox {
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

constexpr long kHour = 3600, kYear = 365 * 24 * kHour;

Key MakeKey() { return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")); }

bool AddExtension(X509& certificate, X509& issuer, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
  return extension != nullptr && X509_add_ext(&certificate, extension.get(), -1) == 1;
}

// Not signed yet. Its serial number is random, since browsers refuse two of one authority's.
Certificate MakeUnsigned(const char* name, EVP_PKEY& key) {
  Certificate certificate(X509_new());
  int64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial));
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()),
                          static_cast<uint64_t>(serial) >> 1);
  X509_set_version(certificate.get(), X509_VERSION_3);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kHour);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kYear);
  X509_set_pubkey(certificate.get(), &key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  return certificate;
}

bool Sign(X509& certificate, X509& issuer, EVP_PKEY& issuer_key) {
  return X509_set_issuer_name(&certificate, X509_get_subject_name(&issuer)) == 1 &&
         X509_sign(&certificate, &issuer_key, EVP_sha256()) != 0;
}

bool WriteCertificate(const std::string& path, X509& certificate) {
  const File file(BIO_new_file(path.c_str(), "w"));
  return file != nullptr && PEM_write_bio_X509(file.get(), &certificate) == 1;
}

bool WriteKey(const std::string& path, EVP_PKEY& key) {
  const File file(BIO_new_file(path.c_str(), "w"));
  return file != nullptr && chmod(path.c_str(), S_IRUSR | S_IWUSR) == 0 &&
         PEM_write_bio_PrivateKey(file.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1;
}

bool Make(const SelfSigned& files) {
  const Key ca_key = MakeKey(), key = MakeKey();
  if (ca_key == nullptr || key == nullptr) return false;
  const Certificate ca = MakeUnsigned("Latchkey sandbox CA", *ca_key);
  const Certificate leaf = MakeUnsigned("Latchkey sandbox", *key);
  return AddExtension(*ca, *ca, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
         AddExtension(*ca, *ca, NID_key_usage, "critical,keyCertSign,cRLSign") &&
         AddExtension(*ca, *ca, NID_subject_key_identifier, "hash") && Sign(*ca, *ca, *ca_key) &&
         AddExtension(*leaf, *ca, NID_basic_constraints, "critical,CA:FALSE") &&
         AddExtension(*leaf, *ca, NID_ext_key_usage, "serverAuth") &&
         AddExtension(*leaf, *ca, NID_authority_key_identifier, "keyid") &&
         AddExtension(*leaf, *ca, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1") &&
         Sign(*leaf, *ca, *ca_key) && WriteKey(files.key, *key) &&
         WriteCertificate(files.cert, *leaf) && WriteCertificate(files.ca, *ca);
}

// The authority's certificate is written last, so it stands for all three.
bool AreThere(const SelfSigned& files) {
  const File file(BIO_new_file(files.cert.c_str(), "r"));
  if (file == nullptr || !std::filesystem::exists(files.ca)) return false;
  const Certificate leaf(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr));
  return leaf != nullptr && X509_cmp_current_time(X509_get0_notAfter(leaf.get())) > 0;
}

}  // namespace

absl::StatusOr<SelfSigned> MakeSelfSigned(const std::string& directory) {
  std::error_code ignored;  // What cannot be made cannot be written to either.
  std::filesystem::create_directories(directory, ignored);
  SelfSigned files{directory + "/ca.pem", directory + "/sandbox.pem", directory + "/sandbox.key"};
  if (AreThere(files) || Make(files)) return files;
  return Error(absl::StatusCode::kFailedPrecondition, "cannot_write",
               fmt::format("No certificate can be written to {}. Give a directory that is yours.",
                           directory));
}

}  // namespace latchkey::sandbox
