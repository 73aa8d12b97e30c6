// HealthStore: where the health of keys is kept.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "services/keyvault/domain/audit.h"
#include "services/keyvault/domain/key_health.h"

namespace latchkey::keyvault {

// What was seen of the key of one lease.
struct LeaseObservation {
  LeaseId lease;
  int key_version = 0;
  std::vector<SeenAnswer> answers;  // Each once, in the order in which each was last seen.
  int call_ceiling = 0;             // What the limits in the answers bear; 0: none were told.
};

// A key in its current version, seen through a lease.
struct SeenKey {
  size_t observation = 0;  // Its index.
  KeyId id;
  int version = 0;
  KeyHealth health;
};

// What becomes of a key's health, by the store's own clock.
using HealthChange = std::function<KeyHealth(const KeyHealth& before, absl::Time now)>;

// Every error is Postgres' (lib/pg/pool.h).
class HealthStore {
 public:
  virtual ~HealthStore() = default;

  // The keys of those observations whose lease is or was `caller`'s, held that version, and whose
  // key still has it for its current one.
  virtual Task<absl::StatusOr<std::vector<SeenKey>>> FindSeen(
      const std::string& caller, const std::vector<LeaseObservation>& observations) = 0;

  // Applies `change` while nobody else can change it. When the status is another one then, the
  // tenant's audit gets a row and its events get one, in the same transaction. Nothing: `version`
  // is not the key's current one any more, or the key is gone.
  virtual Task<absl::StatusOr<std::optional<KeyHealth>>> Change(const KeyId& key, int version,
                                                                const HealthChange& change,
                                                                const Actor& actor) = 0;

  // Plans the first probe of keys that have none: about `interval` after their save, or, if that
  // has passed, at any time within one.
  virtual Task<absl::Status> Plan(absl::Duration interval) = 0;

  // At most `limit` keys whose probe is due, in their current version. They are due again after
  // `claim`, whatever becomes of the claimer; until then nobody else gets them.
  virtual Task<absl::StatusOr<std::vector<StoredKey>>> ClaimDue(int limit,
                                                                absl::Duration claim) = 0;
};

}  // namespace latchkey::keyvault
