// Everything that dialer asks of the world.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/e164.h"
#include "lib/base/task.h"
#include "lib/provider/carrier_signature.h"
#include "services/dialer/domain/admission.h"
#include "services/dialer/domain/call_record.h"
#include "services/dialer/domain/fleet.h"
#include "services/dialer/domain/tenant.h"
#include "services/dialer/domain/ticket.h"

namespace latchkey::dialer {

// Numbers and their tenants.
class Directory {
 public:
  virtual ~Directory() = default;
  // kNotFound `number_not_found` or `tenant_not_found`; kUnavailable `peer_unreachable`.
  virtual Task<absl::StatusOr<Line>> FindLine(const TenantId& tenant, const NumberId& number) = 0;
  // The line that somebody calls, whoever's it is. The same errors.
  virtual Task<absl::StatusOr<Line>> FindCalled(const E164& called) = 0;
};

// What may be told about keys.
class KeyFactsSource {
 public:
  virtual ~KeyFactsSource() = default;
  // The tenant's keys, its numbers' among them. kUnavailable `peer_unreachable`.
  virtual Task<absl::StatusOr<std::vector<KeyFacts>>> ListKeys(const TenantId& tenant) = 0;
};

// What a carrier sent, and how it says that it did.
struct CarrierRequest {
  std::string url;
  provider::FormParameters parameters;
  std::string signature;
};

// Says whether a carrier signed a request.
class CarrierVerifier {
 public:
  virtual ~CarrierVerifier() = default;
  // False also when there is no key any more to verify it with. kUnavailable `peer_unreachable`.
  virtual Task<absl::StatusOr<bool>> Verify(const KeyScope& scope, Provider carrier,
                                            const CarrierRequest& request) = 0;
};

// Prices.
class Pricing {
 public:
  virtual ~Pricing() = default;
  // kFailedPrecondition `rate_missing`; kUnavailable `peer_unreachable`.
  virtual Task<absl::StatusOr<Rate>> Authorize(const Tenant& tenant, BillingMode mode) = 0;
};

// Signs tickets with dialer's own key.
class TicketSigner {
 public:
  virtual ~TicketSigner() = default;
  virtual SignedTicket Sign(const TicketTerms& terms) = 0;
};

// Speaks to media instances.
class MediaControl {
 public:
  virtual ~MediaControl() = default;
  // OK: the instance has the call, and says where an inbound one takes its stream ("" else).
  // kResourceExhausted `instance_full` or kUnavailable `instance_draining`: it has not. Anything
  // else: unknown. Idempotent by call id.
  virtual Task<absl::StatusOr<std::string>> Start(const MediaInstance& instance, const Call& call,
                                                  const AgentSettings& agent,
                                                  const SignedTicket& ticket) = 0;
  // Hangs up. kNotFound `call_not_found`: it does not run there.
  virtual Task<absl::Status> End(const MediaInstance& instance, const Call& call,
                                 const std::string& reason) = 0;
  // Has `instance` ask the carrier how the call ended, and close it. OK: it has closed it.
  virtual Task<absl::Status> Settle(const MediaInstance& instance, const Call& call,
                                    const SignedTicket& ticket) = 0;
  // Has `instance` tell the carrier of `setup.to` that its calls come to us. Errors: media's own;
  // kUnavailable `peer_unreachable`.
  virtual Task<absl::Status> Configure(const MediaInstance& instance, const Call& setup,
                                       const SignedTicket& ticket) = 0;
};

// The media instances that have told of themselves.
class FleetStore {
 public:
  virtual ~FleetStore() = default;
  virtual Task<absl::Status> Beat(const MediaInstance& instance) = 0;
  // Every instance, with its live calls by the records where they say more.
  virtual Task<absl::StatusOr<std::vector<MediaInstance>>> List() = 0;
};

// A rule that is applied to a record while nobody else can change it.
using Transition = std::function<absl::Status(Call&)>;

// Where a list of calls goes on: after this one.
struct CallCursor {
  absl::Time create_time;
  std::string call;
};

// Which calls nobody looks after any more.
struct LostCalls {
  absl::Time silent_since;  // Their instance's last heartbeat is older than this,
  absl::Time queued_since;  // or they have not been taken since before this,
  absl::Time ended_since;   // or the carrier ended them before this.
  absl::Time listed_since;  // Without a carrier's name: only those that were made before this.
  absl::Time now;
  absl::Time retry_time;  // Whoever claims them has until then.
};

// The call records. Every error of Postgres' is kUnavailable `postgres_unavailable` or passes on.
class CallStore {
 public:
  virtual ~CallStore() = default;

  // Writes a new record, unless the ceilings forbid (`tenant_concurrency`). kAlreadyExists
  // `request_id_reused` when the tenant has a call of this request id: then Find it.
  virtual Task<absl::Status> Admit(const Call& call, const Ceilings& ceilings) = 0;
  // Writes the record of an inbound call that was refused, and so has ended: it counts for no
  // ceiling and has no usage. kAlreadyExists as above.
  virtual Task<absl::Status> RecordRefused(const Call& call) = 0;
  // Gives a queued call to another instance.
  virtual Task<absl::Status> Assign(const CallId& id, const MediaInstance& instance) = 0;
  // Takes back a call that no instance took; a call that is past kQueued stays.
  virtual Task<absl::Status> Withdraw(const CallId& id) = 0;

  // kNotFound `call_not_found`.
  virtual Task<absl::StatusOr<Call>> Find(const CallId& id) = 0;
  virtual Task<absl::StatusOr<Call>> FindByRequest(const TenantId& tenant,
                                                   const std::string& request_id) = 0;
  // The inbound call that the carrier has this name for.
  virtual Task<absl::StatusOr<Call>> FindInbound(Provider carrier,
                                                 const std::string& carrier_call_id) = 0;
  // Newest first, at most `limit`, those after `after`.
  virtual Task<absl::StatusOr<std::vector<Call>>> List(const TenantId& tenant,
                                                       std::optional<CallCursor> after,
                                                       int limit) = 0;

  // Applies `transition` and writes the record. If that ends the call, its usage goes into the
  // outbox in the same transaction. kNotFound `call_not_found`; the transition's own errors.
  virtual Task<absl::StatusOr<Call>> Update(const CallId& id, const Transition& transition) = 0;

  // At most `limit` lost calls, claimed: nobody else gets them before retry_time.
  virtual Task<absl::StatusOr<std::vector<Call>>> ClaimLost(const LostCalls& lost, int limit) = 0;
};

// The tenants' own do-not-call lists.
class DncList {
 public:
  virtual ~DncList() = default;
  virtual Task<absl::Status> Add(const TenantId& tenant, const E164& number) = 0;
  virtual Task<absl::Status> Remove(const TenantId& tenant, const E164& number) = 0;
  virtual Task<absl::StatusOr<bool>> Contains(const TenantId& tenant, const E164& number) = 0;
};

}  // namespace latchkey::dialer
