// Checkups: stored keys are probed, when somebody asks and when it is time.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "lib/secret/envelope.h"
#include "services/keyvault/domain/audit_log.h"
#include "services/keyvault/domain/denial_log.h"
#include "services/keyvault/domain/health_store.h"
#include "services/keyvault/domain/ports.h"
#include "services/keyvault/domain/probe_budget.h"

namespace latchkey::keyvault {

// What checking asks of the world.
struct CheckupPorts {
  const secret::Envelope& envelope;
  KeyStore& keys;
  HealthStore& health;
  Prober& prober;
  ProbeBudget& probes;
  AuditLog& log;
  DenialLog& denials;
  Clock& clock;
  Random& random;
};

// Opens a key for the time of one probe. Several replicas may run one each: a claimed key is
// nobody else's for a while. Lives on one io thread; the ports outlive it.
class Checkups {
 public:
  // At most `probes_per_minute` of those that are due, 1 or more.
  Checkups(Executor executor, const CheckupPorts& ports, HealthRule rule,
           int64_t probes_per_minute);

  // Probes the slot's key now, and gives what is known of it then.
  //   kNotFound           key_not_found
  //   kResourceExhausted  probe_limit            too many probes of the tenant's
  //   kUnavailable        provider_unreachable   no verdict
  //   kUnavailable        provider_rate_limited  no verdict
  Task<absl::StatusOr<KeyInfo>> Revalidate(const KeySlot& slot, const Actor& actor);

  // Looks once a second, until Stop.
  void Start();
  // Ends probes that are under way, too: their keys are due again.
  Task<void> Stop();

  // One look: claims what is due, and returns when each has been probed or has failed; says how
  // many there were.
  Task<absl::StatusOr<size_t>> CheckDue();

  static constexpr int kAtATime = 4;

 private:
  Task<void> Run();
  Task<void> CheckOne(StoredKey key);
  Task<absl::Status> Check(const StoredKey& key, const Actor& actor);
  Task<void> KeepPace();

  const CheckupPorts ports_;
  const HealthRule rule_;
  const absl::Duration pause_;  // Between two probes that are due.
  absl::Time next_ = absl::InfinitePast();
  Group loop_;
  Group checking_;  // One task for each key that is probed.
};

// What an answer of Prober's says about a key; nothing when it says nothing, not even about the
// provider.
std::optional<ProbeOutcome> OutcomeOf(const absl::StatusOr<AccountFacts>& probed);

}  // namespace latchkey::keyvault
