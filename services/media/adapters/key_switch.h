// KeySwitch: gets a call the other version of a key that its provider no longer takes.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "lib/base/spawn.h"
#include "lib/base/task.h"
#include "services/media/adapters/key_leases.h"
#include "services/media/adapters/key_witness.h"
#include "services/media/domain/failure_policy.h"

namespace latchkey::media {

// One for each call; once for each provider, since keyvault switches a lease once. Lives on the
// call's io thread; `leases`, `keys` and `witness`, who hears of every failure, outlive it. Stop()
// and Join() before it goes.
class KeySwitch {
 public:
  using Told = std::function<void(const absl::Status&)>;

  KeySwitch(Executor executor, KeyLeases& leases, std::string call_id, LeasedKeys& keys,
            KeyWitness& witness)
      : leases_(leases),
        call_id_(std::move(call_id)),
        keys_(keys),
        witness_(witness),
        group_(std::move(executor)) {}

  // Says `why` to `told`, at once; but when a provider has refused its key (401), asks keyvault for
  // the other version first, and says KeyReplaced(why) once that is in place. Nothing is said after
  // Stop().
  void Explain(Provider provider, const absl::Status& why, Told told);

  // For what is awaited: true when `why` says that the provider refused its key, and another
  // version is in place now. OK is that it worked.
  Task<bool> Replaced(Provider provider, const absl::Status& why);

  // The provider has given what was asked for, or has failed in what needs no explanation.
  void Worked(Provider provider) { witness_.Worked(provider); }
  void Failed(Provider provider, const absl::Status& why) { witness_.Failed(provider, why); }

  void Stop();
  Task<void> Join() { return group_.Join(); }

 private:
  bool MayAsk(Provider provider, const absl::Status& why);
  Task<bool> Ask(Provider provider);
  Task<void> AskAndTell(Provider provider, absl::Status why, Told told);

  KeyLeases& leases_;
  const std::string call_id_;
  LeasedKeys& keys_;
  KeyWitness& witness_;
  std::set<Provider> asked_;
  bool stopped_ = false;
  Group group_;
};

}  // namespace latchkey::media
