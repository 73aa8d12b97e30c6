// Everything that keyvault asks of the world, besides lib/base's Clock and Random.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/secret/key_fields.h"
#include "services/keyvault/domain/audit.h"
#include "services/keyvault/domain/key.h"
#include "services/keyvault/domain/lease.h"

namespace latchkey::keyvault {

inline constexpr std::string_view kNotAsked = "provider_not_asked";

// Asks a provider whether a key works.
class Prober {
 public:
  virtual ~Prober() = default;

  // What the provider told about the account: the key works. `model` is the one that calls will
  // use, for a provider whose projects may lack it; empty for the usual one.
  //   kInvalidArgument  byok_key_invalid       it does not; metadata `reason` and `provider`
  //   kUnavailable      provider_unreachable   no verdict
  //   kUnavailable      provider_rate_limited  no verdict; metadata `retry_after_seconds`
  // Without a verdict, metadata kNotAsked says that the fault is ours and the provider was not even
  // asked.
  virtual Task<absl::StatusOr<AccountFacts>> Probe(Provider provider,
                                                   const secret::KeyFields& candidate,
                                                   const std::string& model) = 0;
};

// A version that has passed its probe, on its way into the store.
struct NewVersion {
  NewVersion(KeyInfo its_info, secret::SealedKey its_sealed, std::string its_request_id)
      : info(std::move(its_info)),
        sealed(std::move(its_sealed)),
        request_id(std::move(its_request_id)) {}

  KeyInfo info;  // create_time counts for version 1 only.
  secret::SealedKey sealed;
  std::string request_id;
};

// A key that a request has saved before.
struct SavedRequest {
  KeySlot slot;
};

// Where a list of keys goes on: after this slot, in the order of provider, then number.
struct KeyCursor {
  Provider provider;
  std::string number;
};

// What becomes of the calls that hold a key when it is removed.
enum class LiveCalls { kFinish, kEnd };

// Keys, in versions. Every error but those named is Postgres' (lib/pg/pool.h).
class KeyStore {
 public:
  virtual ~KeyStore() = default;

  // The tenant's wrapped key: the one that is there, or else `fresh`, which it then keeps.
  virtual Task<absl::StatusOr<std::string>> EnsureTenantKey(const TenantId& tenant,
                                                            const std::string& fresh) = 0;

  // One wrapped tenant key for each root key that any is wrapped by.
  virtual Task<absl::StatusOr<std::vector<std::pair<TenantId, std::string>>>>
  SampleTenantKeys() = 0;

  // The slot's current version. kNotFound `key_not_found`.
  virtual Task<absl::StatusOr<StoredKey>> Find(const KeySlot& slot) = 0;

  // What a save with this request id was for; nothing if there was none in the last day.
  virtual Task<absl::StatusOr<std::optional<SavedRequest>>> FindRequest(
      const TenantId& tenant, const std::string& request_id) = 0;

  // Makes `version` the slot's current one, together with its audit row. Version 1 makes the key;
  // version n replaces n-1. Older versions stay as long as a lease holds them.
  // kAborted `save_lost_race`: another save or a deletion was faster, or the request was saved
  // meanwhile; nothing was done.
  virtual Task<absl::Status> Save(const NewVersion& version, const Actor& actor) = 0;

  // Removes the slot's key with all its versions, together with its audit row; and revokes its live
  // leases, if `live_calls` says so: gives how many. Those end in parts, before the key goes: after
  // an error some may have ended, and the same again does the rest.
  //   kNotFound  key_not_found
  //   kAborted   revocation_lost_race  very many leases were granted meanwhile; the key is there
  virtual Task<absl::StatusOr<int>> Delete(const KeySlot& slot, LiveCalls live_calls,
                                           const Actor& actor) = 0;

  // At most `limit` of a tenant's keys by provider, then number, those after `after`.
  virtual Task<absl::StatusOr<std::vector<KeyInfo>>> List(const TenantId& tenant,
                                                          std::optional<KeyCursor> after,
                                                          int limit) = 0;
};

// A lease that goes on.
struct Renewal {
  LeaseId id;
  absl::Time expire_time;
};

// How many leases of a tenant's keys one caller holds.
struct LiveLeases {
  std::string tenant;
  std::string caller;
  int64_t count = 0;
};

// A lease that somebody else holds.
struct ForeignLease {
  LeaseId id;
  TenantId tenant;  // Of its key.
  CallId call;
};

// Leases, judged by the store's own clock.
class LeaseStore {
 public:
  virtual ~LeaseStore() = default;

  // Grants all leases of a ticket, with an audit row for each, in one transaction; or, if the
  // ticket was presented before, tells what was granted then and grants nothing. What comes back
  // is committed.
  //   kNotFound          key_not_found  one of the keys is gone; nothing was granted
  //   kPermissionDenied  call_ended     the ticket is to run a call that the caller has released
  virtual Task<absl::StatusOr<TicketLeases>> Grant(const LeaseApplication& application) = 0;

  // Moves the end of those leases that are `caller`'s and live to `ttl` from now, but not beyond
  // their ticket's lease_until. Those that are not in the answer have ended.
  virtual Task<absl::StatusOr<std::vector<Renewal>>> Renew(const std::string& caller,
                                                           const std::vector<LeaseId>& ids,
                                                           absl::Duration ttl) = 0;

  // Ends the caller's live leases of a call, with an audit row for each; says how many.
  virtual Task<absl::StatusOr<int>> Release(const std::string& caller, const CallId& call) = 0;

  // Those of `ids` that are not `caller`'s, live or not.
  virtual Task<absl::StatusOr<std::vector<ForeignLease>>> FindForeign(
      const std::string& caller, const std::vector<LeaseId>& ids) = 0;

  // A lease of `call` that is not `caller`'s, live or not, for each tenant whose key one holds;
  // none when the caller has one of that call itself.
  virtual Task<absl::StatusOr<std::vector<ForeignLease>>> FindForeignOfCall(
      const std::string& caller, const CallId& call) = 0;

  // How many leases live, by the tenant of their call's key and by their holder.
  virtual Task<absl::StatusOr<std::vector<LiveLeases>>> CountLive() = 0;

  // Forgets what cannot matter any more: leases that have ended and whose ticket is too old to be
  // replayed, superseded versions that no lease holds, request ids of yesterday.
  virtual Task<absl::Status> Sweep() = 0;
};

}  // namespace latchkey::keyvault
