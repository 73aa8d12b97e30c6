// KeyLeases: leases calls' keys from keyvault, and keeps the leases alive.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/base/spawn.h"
#include "lib/provider/catalogue.h"
#include "lib/rpc/client.h"
#include "lib/secret/key_fields.h"
#include "lib/secret/sealed_box.h"
#include "services/media/domain/call_ports.h"

namespace latchkey::media {

// The keys of one call, in guarded memory; wiped when it goes.
struct LeasedKeys {
  std::map<Provider, secret::KeyFields> keys;
  std::string carrier_account;  // Not secret: Twilio's account SID.

  // Null when it was not leased.
  const Secret* Find(Provider provider, std::string_view field) const;
};

// Lease and Release run on the call's io thread; the table of leases and Run on the host's.
class KeyLeases {
 public:
  using Client = rpc::Client<keyvault::v1::KeyVault>;

  // `identity` is our SPIFFE id, to which the keys are bound. `lost` is called on the host's io
  // thread with the id of a call whose keys have ended.
  KeyLeases(Executor host, Client& client, std::string identity,
            std::function<void(const std::string&)> lost);

  // Errors: keyvault's, and kInvalidArgument `sealed_badly`.
  Task<absl::StatusOr<std::unique_ptr<LeasedKeys>>> Lease(const std::string& call_id,
                                                          const Ticket& ticket);
  Task<void> Release(const std::string& call_id);

  // Renews every 30 s, for ever; spawn it.
  Task<void> Run();

 private:
  struct Held {
    std::string call_id;
    absl::Time expire_time;
  };

  absl::StatusOr<std::unique_ptr<LeasedKeys>> OpenAll(
      const std::string& call_id, const secret::BoxKeyPair& pair,
      const keyvault::v1::LeaseKeysResponse& response);
  Task<void> Renew();
  void LoseExpired(absl::Time now);

  Executor host_;
  Client& client_;
  const std::string identity_;
  const std::function<void(const std::string&)> lost_;
  std::map<std::string, Held> held_;  // By lease.
};

}  // namespace latchkey::media
