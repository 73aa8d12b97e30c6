// LeasedKey: one key on its way to its holder, sealed to the public key of the holder's call.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/secret/envelope.h"
#include "lib/secret/sealed_box.h"
#include "services/keyvault/domain/lease.h"

namespace latchkey::keyvault {

struct LeasedKey {
  struct Field {
    std::string name;
    std::string sealed;
  };
  LeaseId lease;
  KeySlot slot;
  int key_version = 0;
  absl::Time expire_time;
  std::vector<Field> fields;
};

// Opens the version that `lease` holds and seals each of its fields to `public_key`, with the lease
// as additional data.
//   kInternal          blob_unreadable       the row is damaged or was moved
//   kInvalidArgument   malformed_public_key
absl::StatusOr<LeasedKey> SealLease(const secret::Envelope& envelope, const Lease& lease,
                                    const secret::BoxPublicKey& public_key);

}  // namespace latchkey::keyvault
