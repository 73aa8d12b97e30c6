#include "services/keyvault/adapters/grpc_service.h"

#include <algorithm>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "services/keyvault/adapters/convert.h"
#include "services/keyvault/adapters/grpc_health.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

Actor ActorOf(const rpc::CallContext& context) { return Actor(context.caller().SpiffeId()); }

Presenter PresenterOf(const rpc::CallContext& context) {
  return Presenter(context.caller().instance, context.caller().SpiffeId());
}

int PageSize(int asked) {
  if (asked <= 0) return kKeysPerPageMax;
  return std::min(asked, kKeysPerPageMax);
}

absl::Status Malformed(std::string_view sentence) {
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest, sentence);
}

}  // namespace

Task<absl::Status> GrpcService::GetIntakeKey(const rpc::CallContext&,
                                             const v1::GetIntakeKeyRequest&,
                                             v1::GetIntakeKeyResponse& response) {
  response.set_intake_key_id(intake_.key_id());
  response.set_public_key(intake_.public_key().bytes());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::PutKey(const rpc::CallContext& context,
                                       const v1::PutKeyRequest& request,
                                       v1::PutKeyResponse& response) {
  absl::StatusOr<KeySlot> slot = ParseSlot(request.scope(), request.provider());
  if (!slot.ok()) co_return slot.status();
  absl::StatusOr<SealedCandidate> candidate = ParseCandidate(request.candidate(), request.model());
  if (!candidate.ok()) co_return candidate.status();
  const SaveRequest save(request.request_id(), *std::move(slot), *std::move(candidate));
  const Actor actor = ActorOf(context);
  absl::StatusOr<SavedKey> saved = co_await vault_.Put(save, actor);
  if (!saved.ok()) co_return saved.status();
  FillKey(saved->info, *response.mutable_key());
  for (const std::string& warning : saved->warnings) response.add_warnings(warning);
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::PutNumberKeys(const rpc::CallContext& context,
                                              const v1::PutNumberKeysRequest& request,
                                              v1::PutNumberKeysResponse& response) {
  type::v1::Scope scope;
  scope.set_tenant_id(request.tenant_id());
  absl::StatusOr<KeySlot> slot = ParseSlot(scope, request.provider());
  if (!slot.ok()) co_return slot.status();
  absl::StatusOr<SealedCandidate> candidate = ParseCandidate(request.candidate(), "");
  if (!candidate.ok()) co_return candidate.status();
  absl::StatusOr<std::vector<NumbersSave::Target>> targets = ParseTargets(request.targets());
  if (!targets.ok()) co_return targets.status();
  const NumbersSave save(request.request_id(), *std::move(slot), *std::move(candidate),
                         *std::move(targets));
  const Actor actor = ActorOf(context);
  absl::StatusOr<NumbersSaved> saved = co_await vault_.PutOnNumbers(save, actor);
  if (!saved.ok()) co_return saved.status();
  for (size_t i = 0; i < save.targets.size(); ++i) {
    const absl::StatusOr<SavedKey>& result = saved->results[i];
    FillResult(save.targets[i], result, *response.add_results());
    if (!result.ok() || response.warnings_size() > 0) continue;
    for (const std::string& warning : result->warnings) response.add_warnings(warning);
  }
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::TestKey(const rpc::CallContext& context,
                                        const v1::TestKeyRequest& request,
                                        v1::TestKeyResponse& response) {
  absl::StatusOr<KeySlot> slot = ParseSlot(request.scope(), request.provider());
  if (!slot.ok()) co_return slot.status();
  absl::StatusOr<SealedCandidate> candidate = ParseCandidate(request.candidate(), request.model());
  if (!candidate.ok()) co_return candidate.status();
  const Actor actor = ActorOf(context);
  absl::StatusOr<TestedKey> tested = co_await vault_.Test(*slot, *candidate, actor);
  if (!tested.ok()) co_return tested.status();
  FillFacts(tested->facts, *response.mutable_facts());
  for (const std::string& warning : tested->warnings) response.add_warnings(warning);
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::DeleteKey(const rpc::CallContext& context,
                                          const v1::DeleteKeyRequest& request,
                                          v1::DeleteKeyResponse& response) {
  absl::StatusOr<KeySlot> slot = ParseSlot(request.scope(), request.provider());
  if (!slot.ok()) co_return slot.status();
  const Actor actor = ActorOf(context);
  const LiveCalls live_calls =
      request.live_calls() == v1::LIVE_CALLS_END ? LiveCalls::kEnd : LiveCalls::kFinish;
  absl::StatusOr<int> revoked = co_await vault_.Delete(*slot, live_calls, actor);
  if (!revoked.ok()) co_return revoked.status();
  response.set_revoked_count(*revoked);
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::ListKeys(const rpc::CallContext&,
                                         const v1::ListKeysRequest& request,
                                         v1::ListKeysResponse& response) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return Malformed("tenant_id is not the id of a tenant.");
  absl::StatusOr<std::optional<KeyCursor>> after = ParsePageToken(request.page_token());
  if (!after.ok()) co_return after.status();
  const int limit = PageSize(request.page_size());
  absl::StatusOr<KeyPage> page = co_await vault_.List(*tenant, *std::move(after), limit);
  if (!page.ok()) co_return page.status();
  for (const KeyInfo& info : page->keys) FillKey(info, *response.add_keys());
  response.set_next_page_token(PageToken(page->next));
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::LeaseKeys(const rpc::CallContext& context,
                                          const v1::LeaseKeysRequest& request,
                                          v1::LeaseKeysResponse& response) {
  const Presenter presenter = PresenterOf(context);
  absl::StatusOr<Ticket> ticket = ParseTicket(request.ticket(), dialer_);
  if (absl::IsPermissionDenied(ticket.status())) {
    absl::Status why = ticket.status();
    co_return co_await leases_.RefuseForged(presenter, std::move(why));
  }
  if (!ticket.ok()) co_return ticket.status();
  absl::StatusOr<secret::BoxPublicKey> public_key =
      secret::BoxPublicKey::Parse(request.public_key());
  if (!public_key.ok()) co_return Malformed("public_key is not an X25519 key of 32 bytes.");
  absl::StatusOr<std::vector<LeasedKey>> keys =
      co_await leases_.Lease(*ticket, presenter, *public_key);
  if (!keys.ok()) co_return keys.status();
  for (const LeasedKey& key : *keys) FillLeasedKey(key, *response.add_keys());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::RenewLeases(const rpc::CallContext& context,
                                            const v1::RenewLeasesRequest& request,
                                            v1::RenewLeasesResponse& response) {
  std::vector<LeaseId> ids;
  for (const std::string& text : request.lease_ids()) {
    absl::StatusOr<LeaseId> id = LeaseId::Parse(text);
    if (!id.ok()) co_return Malformed("lease_ids holds what is not the id of a lease.");
    ids.push_back(*std::move(id));
  }
  absl::StatusOr<std::vector<LeaseObservation>> observations =
      ParseObservations(request.observations());
  if (!observations.ok()) co_return observations.status();
  const Presenter presenter = PresenterOf(context);
  absl::StatusOr<std::vector<Renewal>> renewals = co_await leases_.Renew(presenter, ids);
  if (!renewals.ok()) co_return renewals.status();
  for (const Renewal& renewal : *renewals) {
    v1::RenewedLease& lease = *response.add_leases();
    lease.set_lease_id(renewal.id.text());
    *lease.mutable_expire_time() = ToTimestamp(renewal.expire_time);
  }
  co_await Observe(context, *observations);
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcService::ReleaseLease(const rpc::CallContext& context,
                                             const v1::ReleaseLeaseRequest& request,
                                             v1::ReleaseLeaseResponse& response) {
  absl::StatusOr<CallId> call = CallId::Parse(request.call_id());
  if (!call.ok()) co_return Malformed("call_id is not the id of a call.");
  absl::StatusOr<std::vector<LeaseObservation>> observations =
      ParseObservations(request.observations());
  if (!observations.ok()) co_return observations.status();
  const Presenter presenter = PresenterOf(context);
  absl::StatusOr<int> released = co_await leases_.Release(presenter, *call);
  if (!released.ok()) co_return released.status();
  response.set_released_count(*released);
  co_await Observe(context, *observations);
  co_return absl::OkStatus();
}

// What cannot be written down is seen again, or found by the next probe: no lease suffers for it.
Task<void> GrpcService::Observe(const rpc::CallContext& context,
                                const std::vector<LeaseObservation>& observations) {
  const Actor caller = ActorOf(context);
  const absl::StatusOr<size_t> taken = co_await observations_.Take(caller, observations);
  if (!taken.ok()) log::Warn("observations not taken", {{"error", taken.status()}});
  if (!taken.ok() || *taken == observations.size()) co_return;
  std::vector<LeaseId> told_of;
  told_of.reserve(observations.size());
  for (const LeaseObservation& observation : observations) told_of.push_back(observation.lease);
  const Presenter presenter = PresenterOf(context);
  co_await leases_.LookForForeign(presenter, told_of);
}

Task<absl::Status> GrpcService::VerifyCarrierSignature(
    const rpc::CallContext&, const v1::VerifyCarrierSignatureRequest& request,
    v1::VerifyCarrierSignatureResponse& response) {
  absl::StatusOr<KeySlot> slot = ParseSlot(request.scope(), request.provider());
  if (!slot.ok()) co_return slot.status();
  absl::StatusOr<CarrierRequest> carrier_request = ParseCarrierRequest(request);
  if (!carrier_request.ok()) co_return carrier_request.status();
  absl::StatusOr<bool> genuine = co_await carriers_.Verify(*slot, *carrier_request);
  if (!genuine.ok()) co_return genuine.status();
  response.set_genuine(*genuine);
  co_return absl::OkStatus();
}

}  // namespace latchkey::keyvault
