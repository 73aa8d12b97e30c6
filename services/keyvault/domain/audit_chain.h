// AuditChain: what ties a tenant's audit rows together, so that a change to one is seen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "lib/secret/key_ring.h"
#include "lib/secret/signature.h"

namespace latchkey::keyvault {

// An audit row as it stands in the table, all in its words.
struct ChainedRow {
  std::string tenant;
  int64_t number = 0;  // Counts up from 1 within the tenant.
  absl::Time time;     // To the microsecond.
  std::string action;
  std::string outcome;
  std::string actor;
  std::string number_id;
  int64_t provider = 0;
  std::string key;
  int64_t key_version = 0;
  std::string lease;
  std::string call;
  std::string reason;
  int64_t count = 1;
  std::string root_key_id;  // The hash's key is derived from this root key.
  std::string hash;         // 32 bytes.
};

// How far a chain was at a moment, signed.
struct AuditCheckpoint {
  std::string tenant;
  int64_t number = 0;
  std::string hash;
  absl::Time time;
  std::string root_key_id;  // The signature's key is derived from this root key.
  std::string signature;
};

// Hashes and signs under keys that are derived from root keys, each for its one use (crypto_kdf).
// What was written under an older root key is checked with that one, for as long as its line is in
// the ring. The ring outlives it, and may be replaced in place.
class AuditChain {
 public:
  explicit AuditChain(const secret::KeyRing& ring) : ring_(ring) {}

  // Sets root_key_id and hash: keyed BLAKE2b over every other field, and over the hash of the row
  // before, "" for the first.
  void Link(ChainedRow& row, const std::string& previous_hash) const;

  // What the row's hash has to be; nothing when the ring lacks its root key.
  std::optional<std::string> HashOf(const ChainedRow& row, const std::string& previous_hash) const;

  // Sets root_key_id and signature.
  void Sign(AuditCheckpoint& checkpoint) const;
  // False also when the ring lacks its root key.
  bool Verify(const AuditCheckpoint& checkpoint) const;

 private:
  const secret::KeyRing& ring_;
};

}  // namespace latchkey::keyvault
