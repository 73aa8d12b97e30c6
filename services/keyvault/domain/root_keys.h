// RootKeys: the ring that keyvault runs with, how another takes its place, and how a key leaves it.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/secret/key_ring.h"
#include "services/keyvault/domain/intake.h"
#include "services/keyvault/domain/ports.h"
#include "services/keyvault/domain/root_key_store.h"

namespace latchkey::keyvault {

// How far the rows are on their way to the current root key.
struct RootKeyCount {
  std::string current;
  int64_t left = 0;  // Wrapped by another.
  int64_t total = 0;
  std::vector<RootKeyRows> by_key;
};

// Lives on one io thread, whose coroutines use `ring` between two awaits only; so it can be
// replaced in one step. What it is made from outlives it.
class RootKeys {
 public:
  RootKeys(secret::KeyRing& ring, IntakeParser& intake, KeyStore& keys, RootKeyStore& store)
      : ring_(ring), intake_(intake), keys_(keys), store_(store) {}

  // OK when `ring` opens every row that there is, and its current key is not retired: what keyvault
  // asks before it serves, and of a new ring before it is taken.
  //   kFailedPrecondition  root_key_unknown, root_key_wrong, root_key_retired
  Task<absl::Status> Check(const secret::KeyRing& ring);

  // The same of the ring that is in use.
  Task<absl::Status> Check();

  // Puts `fresh` in place of the ring, as a whole, if Check() has nothing against it. Keys that are
  // saved from then on, and candidates, are sealed under its current key.
  Task<absl::Status> Take(secret::KeyRing fresh);

  // kInvalidArgument     malformed_request  not the id of a root key
  // kFailedPrecondition  root_key_needed    it is current, or rows need it; metadata `rows`
  // kFailedPrecondition  root_key_unknown   the ring has none of that id
  Task<absl::Status> Retire(const std::string& root_key_id, const Actor& actor);

  Task<absl::StatusOr<RootKeyCount>> Count();

 private:
  secret::KeyRing& ring_;
  IntakeParser& intake_;
  KeyStore& keys_;
  RootKeyStore& store_;
};

}  // namespace latchkey::keyvault
