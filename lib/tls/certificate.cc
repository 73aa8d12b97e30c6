#include "lib/tls/certificate.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <utility>

#include "lib/base/error.h"

namespace latchkey::tls {
namespace {

// A chain has two or three, a bundle of CAs seldom more than ten.
constexpr size_t kCertificatesMax = 64;
constexpr size_t kFileBytesMax = 256 * 1024;

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, Free<BIO_free>>;
using Leaf = std::unique_ptr<X509, Free<X509_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Store = std::unique_ptr<X509_STORE, Free<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Free<X509_STORE_CTX_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Free<GENERAL_NAMES_free>>;

void FreeStack(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }
using Chain = std::unique_ptr<STACK_OF(X509), Free<FreeStack>>;

absl::Status Bad(std::string_view why) {
  ERR_clear_error();
  return Error(absl::StatusCode::kFailedPrecondition, "bad_certificate", why);
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kFileBytesMax, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (file.bad() || text.empty() || text.size() == kFileBytesMax) {
    return Bad(fmt::format("The file {} cannot be read, or is empty.", path));
  }
  return text;
}

// Every certificate of a file, in its order; empty where one of them cannot be read.
Chain ParseAll(const std::string& pem) {
  const Bio text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Chain chain(sk_X509_new_null());
  while (static_cast<size_t>(sk_X509_num(chain.get())) < kCertificatesMax) {
    X509* const next = PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr);
    if (next == nullptr) break;
    sk_X509_push(chain.get(), next);
  }
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!ended) return Chain(sk_X509_new_null());
  return chain;
}

PrivateKey ParseKey(const std::string& pem) {
  const Bio text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  // Without a callback OpenSSL would ask for a pass phrase on the terminal.
  pem_password_cb* const no_phrase = [](char*, int, int, void*) { return -1; };
  return PrivateKey(PEM_read_bio_PrivateKey(text.get(), nullptr, no_phrase, nullptr));
}

// "" when the chain leads to one of `roots` at `now`; else what is wrong, in OpenSSL's words.
std::string FlawOf(STACK_OF(X509) * chain, STACK_OF(X509) * roots, absl::Time now) {
  const Store store(X509_STORE_new());
  for (int i = 0; i < sk_X509_num(roots); ++i) {
    X509_STORE_add_cert(store.get(), sk_X509_value(roots, i));
  }
  const StoreContext context(X509_STORE_CTX_new());
  if (X509_STORE_CTX_init(context.get(), store.get(), sk_X509_value(chain, 0), chain) != 1) {
    return "out of memory";
  }
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_PARTIAL_CHAIN);
  X509_STORE_CTX_set_time(context.get(), 0, absl::ToTimeT(now));
  const bool good = X509_verify_cert(context.get()) == 1;
  const int flaw = X509_STORE_CTX_get_error(context.get());
  ERR_clear_error();
  return good ? "" : X509_verify_cert_error_string(flaw);
}

std::vector<std::string> UrisOf(X509& leaf) {
  std::vector<std::string> uris;
  const Names names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&leaf, NID_subject_alt_name, nullptr, nullptr)));
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* const uri = name->d.uniformResourceIdentifier;
    uris.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                      static_cast<size_t>(ASN1_STRING_length(uri)));
  }
  return uris;
}

absl::Time NotAfter(const X509& leaf) {
  std::tm parts{};
  ASN1_TIME_to_tm(X509_get0_notAfter(&leaf), &parts);
  return absl::FromTM(parts, absl::UTCTimeZone());
}

// What the certificates say, once their text is read.
absl::Status Check(const CertificateFiles& files, absl::Time now, Certificate& certificate) {
  const Chain chain = ParseAll(certificate.cert_pem);
  if (sk_X509_num(chain.get()) == 0) {
    return Bad(fmt::format("The file {} holds no PEM certificate, or a broken one.", files.cert));
  }
  X509* const leaf = sk_X509_value(chain.get(), 0);
  const PrivateKey key = ParseKey(certificate.key_pem);
  if (key == nullptr || X509_check_private_key(leaf, key.get()) != 1) {
    return Bad(
        fmt::format("The key {} is not the one of the certificate {}.", files.key, files.cert));
  }
  Chain roots(sk_X509_new_null());
  if (!files.ca.empty()) {
    roots = ParseAll(certificate.ca_pem);
    if (sk_X509_num(roots.get()) == 0) {
      return Bad(fmt::format("The file {} holds no PEM certificate, or a broken one.", files.ca));
    }
  } else {
    X509* const last = sk_X509_value(chain.get(), sk_X509_num(chain.get()) - 1);
    X509_up_ref(last);
    sk_X509_push(roots.get(), last);
  }
  const std::string flaw = FlawOf(chain.get(), roots.get(), now);
  if (!flaw.empty()) {
    return Bad(fmt::format("The certificate {} cannot be served: {}.", files.cert, flaw));
  }
  certificate.uris = UrisOf(*leaf);
  certificate.not_after = NotAfter(*leaf);
  return absl::OkStatus();
}

}  // namespace

bool Certificate::SameAs(const Certificate& other) const {
  return cert_pem == other.cert_pem && key_pem == other.key_pem && ca_pem == other.ca_pem;
}

absl::StatusOr<Certificate> LoadCertificate(const CertificateFiles& files, absl::Time now) {
  absl::StatusOr<std::string> cert = ReadFile(files.cert);
  if (!cert.ok()) return cert.status();
  absl::StatusOr<std::string> key = ReadFile(files.key);
  if (!key.ok()) return key.status();
  Certificate certificate;
  certificate.cert_pem = *std::move(cert);
  certificate.key_pem = *std::move(key);
  if (!files.ca.empty()) {
    absl::StatusOr<std::string> ca = ReadFile(files.ca);
    if (!ca.ok()) return ca.status();
    certificate.ca_pem = *std::move(ca);
  }
  absl::Status checked = Check(files, now, certificate);
  if (!checked.ok()) return checked;
  return certificate;
}

}  // namespace latchkey::tls
