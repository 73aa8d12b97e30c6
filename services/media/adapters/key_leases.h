// KeyLeases: leases calls' keys from keyvault, keeps the leases alive, and hears when one is
// revoked.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/base/spawn.h"
#include "lib/provider/catalogue.h"
#include "lib/provider/key_hosts.h"
#include "lib/rpc/client.h"
#include "lib/secret/key_fields.h"
#include "lib/secret/sealed_box.h"
#include "services/media/domain/call_ports.h"

namespace latchkey::media {

// The keys of one call, in guarded memory; wiped when it goes.
struct LeasedKeys {
  struct Grant {
    std::string lease_id;
    int version = 0;
  };

  explicit LeasedKeys(secret::BoxKeyPair its_pair) : pair(std::move(its_pair)) {}

  const secret::BoxKeyPair pair;  // What the keys are sealed to on their way.
  std::map<Provider, secret::KeyFields> keys;
  std::map<Provider, Grant> grants;
  std::string carrier_account;  // Not secret: Twilio's account SID.

  // Forgets every key but `kept`'s. What was found before stays where it is, and is empty.
  void WipeAllBut(Provider kept);

  // Null when it was not leased.
  const Secret* Find(Provider provider, std::string_view field) const;
};

// Lease and Release run on the call's io thread; the table of leases and Run on the host's.
class KeyLeases {
 public:
  using Client = rpc::Client<keyvault::v1::KeyVault>;
  using Observations = google::protobuf::RepeatedPtrField<keyvault::v1::LeaseObservation>;

  // Told on the host's io thread: a call's keys have ended, and why: one of domain/reasons.h.
  using Lost = std::function<void(const std::string& call_id, std::string_view reason)>;

  // `identity` is our SPIFFE id, to which the keys are sealed; `key_hosts` are all that they may be
  // sent to.
  KeyLeases(Executor host, Client& client, std::string identity, provider::KeyHosts key_hosts,
            Lost lost);

  // Errors: keyvault's, and kInvalidArgument `sealed_badly`.
  Task<absl::StatusOr<std::unique_ptr<LeasedKeys>>> Lease(const std::string& call_id,
                                                          const Ticket& ticket);
  // `seen`: what was seen of its keys and not reported yet.
  Task<void> Release(const std::string& call_id, Observations seen = {});
  // Takes what was seen of keys: with the next renewal, or within seconds where a key was refused
  // or has no credit. From any thread.
  void Report(Observations seen);

  // Puts the other version of a provider's key in place of the one that `keys` holds; what points
  // to that finds the new one. Errors: keyvault's (`no_other_version`, `version_already_switched`),
  // and kFailedPrecondition `carrier_account_changed`: the other version is of another account, in
  // which the call is not.
  Task<absl::Status> Switch(const std::string& call_id, Provider provider, LeasedKeys& keys);

  // Renews every 30 s, for ever; spawn it.
  Task<void> Run();
  // Hears of revocations, for ever; spawn it. Without it they are noticed at the next renewal.
  Task<void> Watch();

 private:
  struct Held {
    std::string call_id;
    absl::Time expire_time;
  };

  absl::StatusOr<std::unique_ptr<LeasedKeys>> OpenAll(
      const std::string& call_id, secret::BoxKeyPair pair,
      const keyvault::v1::LeaseKeysResponse& response);
  void Hold(std::map<std::string, Held> held);
  Task<void> Renew();
  void Keep(Observations seen);
  Task<absl::Status> WatchOnce();
  void OnRevoked(const std::string& lease_id, absl::Time now);
  void Lose(const std::set<std::string>& leases, std::string_view reason);
  void LoseExpired(absl::Time now);

  Executor host_;
  Client& client_;
  const std::string identity_;
  const provider::KeyHosts key_hosts_;
  const Lost lost_;
  std::map<std::string, Held> held_;  // By lease.
  Observations seen_;                 // What the next renewal carries.
  bool urgent_ = false;               // It does not wait for its time.
  int64_t cursor_ = 0;                // Of the last revocation that was heard of.
  // Revoked leases that we do not hold, and when we heard: their keys may still be on their way.
  std::map<std::string, absl::Time> unknown_;
};

}  // namespace latchkey::media
