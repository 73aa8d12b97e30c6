// Intake: how a key comes in. Opens a sealed candidate, and refuses by its form what cannot work.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/secret/key_fields.h"
#include "lib/secret/key_ring.h"
#include "lib/secret/sealed_box.h"
#include "services/keyvault/domain/key.h"

namespace latchkey::keyvault {

// As it arrives.
struct SealedCandidate {
  struct Field {
    std::string name;
    std::string sealed;
  };
  std::string intake_key_id;
  std::vector<Field> fields;
  std::string model;  // That calls will use; empty for the usual one.
};

// Opened, and of a form that may work. Lives for one probe.
struct Candidate {
  secret::KeyFields fields;
  std::string preview;
  std::string phone_number;           // E.164; empty if none was given.
  std::vector<std::string> warnings;  // Oddities, as sentences for the tenant.
};

// The only reader of candidates in the clear.
class IntakeParser {
 public:
  // The pair is derived from the ring's current root key, and named by its id.
  explicit IntakeParser(const secret::KeyRing& ring);

  // The same for another ring: what is sealed to the pair before is refused from now on
  // (`intake_key_unknown`).
  void Follow(const secret::KeyRing& ring);

  const std::string& key_id() const { return key_id_; }
  const secret::BoxPublicKey& public_key() const { return pair_.public_key(); }

  // Opens `sealed` for `slot` and checks every field's form (lib/provider/key_format.h). An empty
  // optional field is as good as none.
  //
  //   kFailedPrecondition  intake_key_unknown  sealed to another intake key
  //   kInvalidArgument     malformed_request   fields missing, unknown, doubled or badly sealed
  //   kInvalidArgument     byok_key_invalid    refused by its form
  absl::StatusOr<Candidate> Parse(const KeySlot& slot, const SealedCandidate& sealed) const;

  // Opens a tenant's new signing secret, which is 24 to 64 bytes (standardwebhooks.com).
  //
  //   kFailedPrecondition  intake_key_unknown  sealed to another intake key
  //   kInvalidArgument     malformed_request   badly sealed, too short or too long
  absl::StatusOr<Secret> OpenSigningSecret(const TenantId& tenant, const std::string& intake_key_id,
                                           const std::string& sealed) const;

 private:
  absl::Status CheckIntakeKey(const std::string& id) const;
  absl::Status ParseField(const KeySlot& slot, const SealedCandidate::Field& sealed,
                          Candidate& candidate) const;

  std::string key_id_;
  secret::BoxKeyPair pair_;
};

}  // namespace latchkey::keyvault
