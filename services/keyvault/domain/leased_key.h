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

// Opens the versions that `leases` hold, all of one call, and seals each of their fields to
// `public_key`, with its lease as additional data. In the leases' order.
//   kInternal          blob_unreadable       a row is damaged or was moved
//   kInvalidArgument   malformed_public_key
absl::StatusOr<std::vector<LeasedKey>> SealLeases(const secret::Envelope& envelope,
                                                  const std::vector<Lease>& leases,
                                                  const secret::BoxPublicKey& public_key);

}  // namespace latchkey::keyvault
