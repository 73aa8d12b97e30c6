#include "lib/http/request_head.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <span>

#include "lib/base/check.h"
#include "lib/base/error.h"

namespace latchkey::http {

namespace {

constexpr size_t kKeyBytesMax = 4096;
constexpr std::string_view kEnd = "\r\n";

size_t Base64Size(size_t bytes) { return (bytes + 2) / 3 * 4; }

bool CanStandInHeader(std::string_view key) {
  const bool control = std::any_of(key.begin(), key.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x21 || c == 0x7f;
  });
  return !key.empty() && key.size() <= kKeyBytesMax && !control;
}

// Writes one piece behind the other into memory of a known size.
class Writer {
 public:
  explicit Writer(std::span<uint8_t> to) : rest_(to) {}

  void Put(std::string_view text) {
    Check(text.size() <= rest_.size(), "the head fits its buffer");
    if (!text.empty()) std::memcpy(rest_.data(), text.data(), text.size());
    rest_ = rest_.subspan(text.size());
  }
  // libsodium ends its text with a zero, which the next Put overwrites.
  void PutBase64(std::span<const uint8_t> bytes) {
    const size_t size = Base64Size(bytes.size());
    Check(size < rest_.size(), "the head fits its buffer");
    sodium_bin2base64(reinterpret_cast<char*>(rest_.data()), rest_.size(), bytes.data(),
                      bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    rest_ = rest_.subspan(size);
  }

 private:
  std::span<uint8_t> rest_;
};

}  // namespace

absl::Status ForeignHost() {
  return Error(absl::StatusCode::kFailedPrecondition, "foreign_host",
               "The key was not sent: it is bound to its provider's hosts, and this is none of "
               "them. Correct the provider's address in the settings.");
}

absl::Status RequestHead::Check(const SecretHeader& header, const Url& url, const TlsContext& tls) {
  if (!url.secure()) {
    return Error(absl::StatusCode::kFailedPrecondition, "insecure_url",
                 "A key is sent over TLS only. Use an https or wss address.");
  }
  if (!header.MayGoTo(url.host(), tls.bound_keys_only())) return ForeignHost();
  const std::string_view key = header.secret().Reveal(secret::SecretAccess());
  const secret::Secret* const user = header.user_secret();
  const bool good_user =
      user == nullptr || (CanStandInHeader(user->Reveal(secret::SecretAccess())) &&
                          user->Reveal(secret::SecretAccess()).find(':') == std::string_view::npos);
  if (CanStandInHeader(key) && good_user) return absl::OkStatus();
  return Error(absl::StatusCode::kInvalidArgument, "malformed_secret",
               "The key is empty, too long, or holds characters that no header can carry.");
}

RequestHead::RequestHead(std::string_view head, const SecretHeader& header) {
  const std::string_view key = header.secret().Reveal(secret::SecretAccess());
  const std::string_view user = header.user_secret() == nullptr
                                    ? std::string_view(header.user())
                                    : header.user_secret()->Reveal(secret::SecretAccess());
  const size_t pair_size = user.size() + 1 + key.size();
  const size_t value_size = header.basic() ? Base64Size(pair_size) : key.size();
  head.remove_suffix(kEnd.size());
  bytes_ = secret::Secret::OfSize(head.size() + header.name().size() + 2 + header.prefix().size() +
                                  value_size + 2 * kEnd.size());
  Writer writer(bytes_.Mutable(secret::SecretAccess()));
  writer.Put(head);
  writer.Put(header.name());
  writer.Put(": ");
  writer.Put(header.prefix());
  if (header.basic()) {
    secret::Secret pair = secret::Secret::OfSize(pair_size);
    Writer pair_writer(pair.Mutable(secret::SecretAccess()));
    pair_writer.Put(user);
    pair_writer.Put(":");
    pair_writer.Put(key);
    writer.PutBase64(pair.Mutable(secret::SecretAccess()));
  } else {
    writer.Put(key);
  }
  writer.Put(kEnd);
  writer.Put(kEnd);
}

std::string_view RequestHead::bytes() const { return bytes_.Reveal(secret::SecretAccess()); }

}  // namespace latchkey::http
