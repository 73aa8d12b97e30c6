// Secret: bytes that must never be seen, in memory that is kept out of swap, cores and other hands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::gateway {
class KeyBody;
}
namespace latchkey::http {
class RequestHead;
}
namespace latchkey::keyvault {
class IntakeParser;
}

namespace latchkey::secret {

class BoxKeyPair;
class KeyFile;
class KeyRing;
class Mac;
class SealedBox;
class SealingKey;
class SigningKey;

// The right to read a Secret. Only the classes below can make one, so `grep SecretAccess` finds
// every place where a secret is read in the clear.
class SecretAccess {
 private:
  SecretAccess() = default;

  friend class BoxKeyPair;                          // Opens sealed boxes; holds the X25519 half.
  friend class KeyFile;                             // Reads and writes key files, mode 0600.
  friend class KeyRing;                             // Derives the intake pair from a root key.
  friend class Mac;                                 // HMAC under a carrier's token; fingerprints.
  friend class SealedBox;                           // Seals a secret to a public key.
  friend class SealingKey;                          // AES-256-GCM under a key of the envelope.
  friend class SigningKey;                          // Ed25519.
  friend class ::latchkey::gateway::KeyBody;        // Finds a key's fields in a request's body.
  friend class ::latchkey::http::RequestHead;       // Writes a key into a provider's request.
  friend class ::latchkey::keyvault::IntakeParser;  // Checks a candidate's format; makes previews.
};

// Up to 64 KiB in the process's Arena: locked into RAM, left out of core files, wiped when it ends.
// Moves without copying the bytes. It has no printer, no ==, no hash and no conversion, so it
// cannot be logged or compared by mistake. When the arena is full the process ends: whoever lets
// keys in asks Arena::CheckRoom before.
class Secret {
 public:
  // Nothing, zero bytes.
  Secret() = default;
  // Copies `bytes`. The source is the caller's to wipe; see Take.
  explicit Secret(std::string_view bytes);
  // Copies `source` and overwrites it with zeros; it is empty afterwards.
  static Secret Take(std::string& source);
  // `size` bytes from the system's source of randomness.
  static Secret Random(size_t size);
  // `size` zero bytes, to be filled through Mutable().
  static Secret OfSize(size_t size);

  ~Secret() { Clear(); }
  // What was moved from is empty.
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  bool operator==(const Secret&) const = delete;  // EqualInConstantTime says what it costs.

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // The bytes, for as long as this object lives and does not move.
  std::string_view Reveal(SecretAccess) const;
  std::span<uint8_t> Mutable(SecretAccess);

  // A key is bound to the hosts of its provider ("api.anthropic.com"): http sends it to no other.
  void BindTo(std::vector<std::string> hosts);
  bool bound() const { return !hosts_.empty(); }
  // Names compare without case. False for every host while it is not bound.
  bool MayGoTo(std::string_view host) const;

  // Takes as long whatever the bytes are; a difference in length shows.
  static bool EqualInConstantTime(const Secret& a, const Secret& b);

 private:
  void Clear();

  uint8_t* bytes_ = nullptr;  // In the arena; null when there are none.
  size_t size_ = 0;
  std::vector<std::string> hosts_;
};

// Prepares libsodium and proves AES-256-GCM on this machine against a published vector, on every
// path it has. Called by everything in lib/secret; the first call does the work, from any thread.
void Prepare();

// Overwrites `text` with zeros, also its spare room, and empties it.
void Wipe(std::string& text);

}  // namespace latchkey::secret

namespace latchkey {
using secret::Secret;
}
