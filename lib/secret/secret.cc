#include "lib/secret/secret.h"

#include <sodium.h>

#include <cstring>
#include <mutex>
#include <utility>

#include "lib/base/check.h"
#include "lib/secret/aes_gcm.h"

namespace latchkey::secret {

namespace {

constexpr size_t kSecretBytesMax = 64 * 1024;

uint8_t* Allocate(size_t size) {
  Prepare();
  Check(size <= kSecretBytesMax, "a secret has at most 64 KiB");
  if (size == 0) return nullptr;
  void* bytes = sodium_malloc(size);
  Check(bytes != nullptr, "there is guarded memory for a secret");
  sodium_memzero(bytes, size);
  return static_cast<uint8_t*>(bytes);
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

void Secret::Free::operator()(uint8_t* bytes) const { sodium_free(bytes); }

Secret::Secret(std::string_view bytes) {
  *this = OfSize(bytes.size());
  if (!bytes.empty()) std::memcpy(bytes_.get(), bytes.data(), bytes.size());
}

Secret Secret::Take(std::string& source) {
  Secret secret{std::string_view(source)};
  Wipe(source);
  return secret;
}

Secret Secret::Random(size_t size) {
  Secret secret = OfSize(size);
  if (size > 0) randombytes_buf(secret.bytes_.get(), size);
  return secret;
}

Secret Secret::OfSize(size_t size) {
  Secret secret;
  secret.bytes_.reset(Allocate(size));
  secret.size_ = size;
  return secret;
}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  bytes_ = std::move(other.bytes_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

std::string_view Secret::Reveal(SecretAccess) const {
  if (size_ == 0) return {};
  return {reinterpret_cast<const char*>(bytes_.get()), size_};
}

std::span<uint8_t> Secret::Mutable(SecretAccess) { return {bytes_.get(), size_}; }

bool Secret::EqualInConstantTime(const Secret& a, const Secret& b) {
  if (a.size_ != b.size_) return false;
  return a.size_ == 0 || sodium_memcmp(a.bytes_.get(), b.bytes_.get(), a.size_) == 0;
}

}  // namespace latchkey::secret
