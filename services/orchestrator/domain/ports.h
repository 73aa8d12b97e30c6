// Everything that orchestrator asks of the world.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "lib/base/task.h"
#include "services/orchestrator/domain/call_event.h"
#include "services/orchestrator/domain/number.h"
#include "services/orchestrator/domain/onboarding_state.h"
#include "services/orchestrator/domain/tenant.h"
#include "services/orchestrator/domain/tenant_event.h"

namespace latchkey::orchestrator {

// Keeps tenants. All of its errors beside those named: kUnavailable `postgres_unavailable`.
class TenantStore {
 public:
  virtual ~TenantStore() = default;

  // Keeps a new tenant. Returns the one that this request made before, if it did.
  virtual Task<absl::StatusOr<Tenant>> Create(const Tenant& tenant,
                                              const std::string& request_id) = 0;

  // kNotFound `tenant_not_found`.
  virtual Task<absl::StatusOr<Tenant>> Find(const TenantId& tenant) = 0;

  // All of the change or nothing; returns the tenant as it is then. kNotFound `tenant_not_found`.
  // kFailedPrecondition `plan_required`: the plan would not include the mode.
  virtual Task<absl::StatusOr<Tenant>> Change(const TenantId& tenant,
                                              const TenantChange& change) = 0;
};

// Keeps API keys as hashes.
class ApiKeyStore {
 public:
  virtual ~ApiKeyStore() = default;

  // kNotFound `tenant_not_found`.
  virtual Task<absl::Status> Create(const ApiKey& key, const std::string& hash) = 0;

  // Idempotent. kNotFound `api_key_not_found`.
  virtual Task<absl::Status> Revoke(const ApiKeyId& key, absl::Time when) = 0;

  // kUnauthenticated `api_key_unknown`: there is none with this hash that was not revoked.
  virtual Task<absl::StatusOr<Principal>> FindByHash(const std::string& hash) = 0;
};

// Makes the text of API keys, and knows how it is hashed.
class ApiKeyMint {
 public:
  virtual ~ApiKeyMint() = default;

  struct Minted {
    std::string text;  // "ac_live_…", 256 random bits
    std::string hash;  // SHA-256 of the text, 32 bytes
  };
  virtual Minted Mint() = 0;

  virtual std::string Hash(const std::string& text) const = 0;
};

// Keeps numbers and their agents.
class NumberStore {
 public:
  virtual ~NumberStore() = default;

  // Keeps a new number. Returns the one that this request of the tenant made before, if it did.
  // kAlreadyExists `number_taken`. kNotFound `tenant_not_found`.
  virtual Task<absl::StatusOr<Number>> Create(const Number& number,
                                              const std::string& request_id) = 0;

  // kNotFound `number_not_found`.
  virtual Task<absl::StatusOr<Number>> Find(const TenantId& tenant, const NumberId& number) = 0;
  virtual Task<absl::StatusOr<Number>> FindByE164(const E164& e164) = 0;
  virtual Task<absl::StatusOr<Number>> ReplaceAgent(const TenantId& tenant, const NumberId& number,
                                                    const Agent& agent) = 0;

  // At most `limit` numbers of the tenant, oldest first, those after `after`.
  virtual Task<absl::StatusOr<std::vector<Number>>> List(const TenantId& tenant,
                                                         const std::optional<NumberId>& after,
                                                         int limit) = 0;
};

// What stands in a call's log from some position on.
struct EventPage {
  std::vector<StoredEvent> events;
  bool ended = false;  // The log has the call's end, in this page or before it.
};

// Keeps what happened in calls.
class CallEventStore {
 public:
  virtual ~CallEventStore() = default;

  // Keeps all of them or none. An event whose call, source and sequence are known changes nothing.
  // kInvalidArgument `malformed_request`: a call is another tenant's.
  virtual Task<absl::Status> Append(const std::string& source,
                                    const std::vector<CallEvent>& events) = 0;

  // At most `limit` events of the call after `position`, in order. kNotFound `call_not_found`.
  virtual Task<absl::StatusOr<EventPage>> Read(const TenantId& tenant, const CallId& call,
                                               int64_t position, int limit) = 0;
};

// Keeps what tenants are to know besides their calls.
class TenantEventStore {
 public:
  virtual ~TenantEventStore() = default;

  // An event whose id is known changes nothing.
  virtual Task<absl::Status> Add(const TenantEvent& event) = 0;

  // At most `limit` of a tenant's events with a position below `before`, the newest first.
  virtual Task<absl::StatusOr<std::vector<KeptEvent>>> List(const TenantId& tenant, int64_t before,
                                                            int limit) = 0;

  // Deletes at most `limit` events, whosever, that happened before `time`; says how many.
  virtual Task<absl::StatusOr<int64_t>> DeleteBefore(absl::Time time, int limit) = 0;
};

// What keyvault may tell about a tenant's keys.
class KeyCatalogue {
 public:
  virtual ~KeyCatalogue() = default;

  // Those that hold for the whole tenant. kUnavailable `keyvault_unreachable`.
  virtual Task<absl::StatusOr<std::vector<SavedKey>>> List(const TenantId& tenant) = 0;

  // The previews of its numbers' own OpenAI keys. kUnavailable `keyvault_unreachable`.
  virtual Task<absl::StatusOr<std::map<NumberId, std::string>>> ListNumberKeys(
      const TenantId& tenant) = 0;
};

// The volume that media writes recordings to.
class Recordings {
 public:
  virtual ~Recordings() = default;

  // At most `bytes_max` bytes from `offset` on; none at the end. kNotFound `recording_not_found`.
  virtual absl::StatusOr<std::string> Read(const std::string& file, int64_t offset,
                                           size_t bytes_max) = 0;
};

}  // namespace latchkey::orchestrator
