// SigningSecrets: keeps what tenants' tool requests are signed with, and signs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/secret/envelope.h"
#include "services/keyvault/domain/audit.h"
#include "services/keyvault/domain/intake.h"
#include "services/keyvault/domain/ports.h"
#include "services/keyvault/domain/signing_secret_store.h"

namespace latchkey::keyvault {

inline constexpr size_t kSignedBytesMax = 64 * 1024;

// A secret that is to be set once, however often it is asked for.
struct NewSigningSecret {
  NewSigningSecret(std::string its_request_id, TenantId its_tenant, std::string its_intake_key_id,
                   std::string its_sealed)
      : request_id(std::move(its_request_id)),
        tenant(std::move(its_tenant)),
        intake_key_id(std::move(its_intake_key_id)),
        sealed(std::move(its_sealed)) {}

  std::string request_id;  // 1 to kRequestIdBytesMax characters.
  TenantId tenant;
  std::string intake_key_id;
  std::string sealed;
};

// HMAC-SHA256 of one message, 32 bytes each.
struct Signatures {
  std::string current;
  std::string previous;  // By the secret before, within kSigningOverlap; else "".

  friend bool operator==(const Signatures&, const Signatures&) = default;
};

// Lives on one io thread. What it is made from outlives it.
class SigningSecrets {
 public:
  SigningSecrets(const secret::Envelope& envelope, const IntakeParser& intake, KeyStore& keys,
                 SigningSecretStore& store)
      : envelope_(envelope), intake_(intake), keys_(keys), store_(store) {}

  // Makes the secret the tenant's, and gives its version.
  //
  //   kAlreadyExists       signing_secret_set  this request has set one before
  //   kInvalidArgument     malformed_request   a field is missing, badly sealed, or of a wrong size
  //   kFailedPrecondition  intake_key_unknown  sealed to an intake key that is not current
  //   kAborted             save_lost_race      another one was set meanwhile; nothing was done
  Task<absl::StatusOr<int>> Set(const NewSigningSecret& request, const Actor& actor);

  //   kFailedPrecondition  signing_secret_missing  the tenant has none
  //   kInvalidArgument     malformed_request       the message is too long
  Task<absl::StatusOr<Signatures>> Sign(const TenantId& tenant, const std::string& message);

 private:
  // By one version of the stored secret.
  absl::StatusOr<std::string> SignWith(const StoredSigningSecret& stored, int version,
                                       const secret::SealedKey& sealed,
                                       const std::string& message) const;

  const secret::Envelope& envelope_;
  const IntakeParser& intake_;
  KeyStore& keys_;
  SigningSecretStore& store_;
};

}  // namespace latchkey::keyvault
