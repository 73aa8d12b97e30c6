#include "lib/secret/secret.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <utility>

#include "absl/strings/match.h"
#include "lib/base/check.h"
#include "lib/secret/aes_gcm.h"
#include "lib/secret/arena.h"

namespace latchkey::secret {

namespace {

uint8_t* Allocate(size_t size) {
  Prepare();
  if (size == 0) return nullptr;
  uint8_t* const bytes = Arena::OfProcess().Take(size);
  Check(bytes != nullptr, "a secret has at most 64 KiB, and there is room for it");
  return bytes;
}

}  // namespace

void Prepare() {
  static std::once_flag once;
  std::call_once(once, [] {
    Check(sodium_init() >= 0, "libsodium starts");
    CheckAesKnownAnswer();
  });
}

void Wipe(std::string& text) {
  text.resize(text.capacity());
  sodium_memzero(text.data(), text.size());
  text.clear();
}

void Secret::Clear() {
  if (bytes_ != nullptr) Arena::OfProcess().Give(bytes_, size_);
  bytes_ = nullptr;
  size_ = 0;
}

Secret::Secret(std::string_view bytes) {
  *this = OfSize(bytes.size());
  if (!bytes.empty()) std::memcpy(bytes_, bytes.data(), bytes.size());
}

Secret Secret::Take(std::string& source) {
  Secret secret{std::string_view(source)};
  Wipe(source);
  return secret;
}

Secret Secret::Random(size_t size) {
  Secret secret = OfSize(size);
  if (size > 0) randombytes_buf(secret.bytes_, size);
  return secret;
}

Secret Secret::OfSize(size_t size) {
  Secret secret;
  secret.bytes_ = Allocate(size);
  secret.size_ = size;
  return secret;
}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::exchange(other.bytes_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      hosts_(std::move(other.hosts_)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  Clear();
  bytes_ = std::exchange(other.bytes_, nullptr);
  size_ = std::exchange(other.size_, 0);
  hosts_ = std::move(other.hosts_);
  return *this;
}

std::string_view Secret::Reveal(SecretAccess) const {
  if (size_ == 0) return {};
  return {reinterpret_cast<const char*>(bytes_), size_};
}

std::span<uint8_t> Secret::Mutable(SecretAccess) { return {bytes_, size_}; }

void Secret::BindTo(std::vector<std::string> hosts) { hosts_ = std::move(hosts); }

bool Secret::MayGoTo(std::string_view host) const {
  return std::any_of(hosts_.begin(), hosts_.end(), [&](const std::string& own) {
    return absl::EqualsIgnoreCase(absl::string_view(own), {host.data(), host.size()});
  });
}

bool Secret::EqualInConstantTime(const Secret& a, const Secret& b) {
  if (a.size_ != b.size_) return false;
  return a.size_ == 0 || sodium_memcmp(a.bytes_, b.bytes_, a.size_) == 0;
}

}  // namespace latchkey::secret
