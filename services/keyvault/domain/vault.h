// Vault: takes keys in, and gives back what may be told about them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/base/task.h"
#include "lib/secret/envelope.h"
#include "services/keyvault/domain/audit_log.h"
#include "services/keyvault/domain/denial_log.h"
#include "services/keyvault/domain/intake.h"
#include "services/keyvault/domain/ports.h"
#include "services/keyvault/domain/probe_budget.h"

namespace latchkey::keyvault {

// A save that is to happen once, however often it is asked for.
struct SaveRequest {
  SaveRequest(std::string its_id, KeySlot its_slot, SealedCandidate its_candidate)
      : id(std::move(its_id)), slot(std::move(its_slot)), candidate(std::move(its_candidate)) {}

  std::string id;  // 1 to kRequestIdBytesMax characters.
  KeySlot slot;
  SealedCandidate candidate;
};

inline constexpr size_t kRequestIdBytesMax = 64;
inline constexpr int kKeysPerPageMax = 100;

struct SavedKey {
  KeyInfo info;
  std::vector<std::string> warnings;
};

struct TestedKey {
  AccountFacts facts;
  std::vector<std::string> warnings;
};

// One key for many numbers of a tenant.
struct NumbersSave {
  struct Target {
    NumberId number;
    std::string model;  // That its calls will use; empty for the usual one.
  };
  NumbersSave(std::string its_id, KeySlot its_slot, SealedCandidate its_candidate,
              std::vector<Target> its_targets)
      : id(std::move(its_id)),
        slot(std::move(its_slot)),
        candidate(std::move(its_candidate)),
        targets(std::move(its_targets)) {}

  std::string id;             // 1 to kRequestIdBytesMax characters.
  KeySlot slot;               // Of the whole tenant: what the candidate is sealed for.
  SealedCandidate candidate;  // Its model is not looked at.
  std::vector<Target> targets;
};

// In the order of the targets: the saved key, or an error of Put's.
struct NumbersSaved {
  std::vector<absl::StatusOr<SavedKey>> results;
};

struct KeyPage {
  std::vector<KeyInfo> keys;
  std::optional<KeyCursor> next;  // Nothing on the last page.
};

// The only code that sees a key in the clear on its way in, and only during one call. Lives on one
// io thread, so it has no locks. What it is made from outlives it.
class Vault {
 public:
  Vault(const secret::Envelope& envelope, const IntakeParser& intake, KeyStore& store,
        Prober& prober, ProbeBudget& probes, AuditLog& log, DenialLog& denials, const Clock& clock,
        Random& random)
      : envelope_(envelope),
        intake_(intake),
        store_(store),
        prober_(prober),
        probes_(probes),
        log_(log),
        denials_(denials),
        clock_(clock),
        random_(random) {}

  // Probes the candidate and, if it passes, makes it the slot's current key; until then the one
  // that is there stays in use. On any error nothing is stored. The same request again changes
  // nothing and gives what stands in its slot now.
  //
  //   kInvalidArgument     byok_key_invalid       refused by its form or by the provider
  //   kInvalidArgument     malformed_request      a field is missing, unknown or badly sealed, or
  //                                               the request id was used for another slot
  //   kFailedPrecondition  intake_key_unknown     sealed to an intake key that is not current
  //   kResourceExhausted   probe_limit            too many probes of the tenant's
  //   kUnavailable         provider_unreachable   no verdict
  //   kUnavailable         provider_rate_limited  no verdict
  //   kNotFound            key_not_found          the request was done, and the key deleted since
  //   kAborted             save_lost_race         others saved to the slot again and again
  Task<absl::StatusOr<SavedKey>> Put(const SaveRequest& request, const Actor& actor);

  // Probes the candidate once for each model that the numbers use, and saves it on each number by
  // itself: whatever becomes of one, each other one has either the new key or what it had. The same
  // request again saves only what was not saved.
  //
  //   kInvalidArgument     malformed_request   the candidate or the request id can never work
  //   kFailedPrecondition  intake_key_unknown  sealed to an intake key that is not current
  Task<absl::StatusOr<NumbersSaved>> PutOnNumbers(const NumbersSave& save, const Actor& actor);

  // Probes the candidate and stores nothing, but an audit row. Errors as Put.
  Task<absl::StatusOr<TestedKey>> Test(const KeySlot& slot, const SealedCandidate& candidate,
                                       const Actor& actor);

  // Removes the slot's key at once, and gives how many leases were revoked: those of live calls, if
  // they are to end. kNotFound `key_not_found`.
  Task<absl::StatusOr<int>> Delete(const KeySlot& slot, LiveCalls live_calls, const Actor& actor);

  // A tenant's keys by provider, then number. `limit` is 1 to kKeysPerPageMax.
  Task<absl::StatusOr<KeyPage>> List(const TenantId& tenant, std::optional<KeyCursor> after,
                                     int limit);

 private:
  // A candidate that has passed, with what is known about it.
  struct Passed {
    Candidate candidate;
    AccountFacts facts;
    std::string model;
  };

  Task<absl::StatusOr<Passed>> Probe(const KeySlot& slot, const SealedCandidate& sealed,
                                     AuditAction action, const Actor& actor);
  Task<absl::StatusOr<Candidate>> Admit(const KeySlot& slot, const SealedCandidate& sealed);
  Task<absl::StatusOr<std::optional<SavedKey>>> FindDone(const SaveRequest& request);
  Task<absl::StatusOr<SavedKey>> StoreOnce(const SaveRequest& request, const Passed& passed,
                                           const Actor& actor);
  Task<absl::StatusOr<KeyInfo>> Store(const SaveRequest& request, const Passed& passed,
                                      const Actor& actor);
  Task<absl::StatusOr<KeyInfo>> NextVersion(const KeySlot& slot, const Passed& passed);

  const secret::Envelope& envelope_;
  const IntakeParser& intake_;
  KeyStore& store_;
  Prober& prober_;
  ProbeBudget& probes_;
  AuditLog& log_;
  DenialLog& denials_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace latchkey::keyvault
