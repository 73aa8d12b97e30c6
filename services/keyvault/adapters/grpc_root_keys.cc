#include "services/keyvault/adapters/grpc_root_keys.h"

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

Task<absl::Status> GrpcRootKeys::Rewrap(const rpc::CallContext& context,
                                        const v1::RewrapRequest& request,
                                        v1::RewrapResponse& response) {
  const v1::RewrapAction action = request.action();
  const bool start = action == v1::REWRAP_ACTION_START || action == v1::REWRAP_ACTION_UNSPECIFIED;
  if (action == v1::REWRAP_ACTION_STOP) rewrapper_.Stop();
  // One that is just stopping is told as running; asked again a moment later, it starts.
  if (start && group_.size() == 0) {
    group_.Spawn("rewrap", RunRewrap(Actor(context.caller().SpiffeId())));
  }
  absl::StatusOr<RootKeyCount> count = co_await root_keys_.Count();
  if (!count.ok()) co_return count.status();
  response.set_current_root_key_id(count->current);
  response.set_left_count(count->left);
  response.set_total_count(count->total);
  response.set_running(rewrapper_.running());
  response.set_failed_count(rewrapper_.failed());
  for (const RootKeyRows& rows : count->by_key) {
    v1::RootKeyRows& out = *response.add_root_keys();
    out.set_root_key_id(rows.root_key_id);
    out.set_row_count(rows.rows);
  }
  co_return absl::OkStatus();
}

Task<void> GrpcRootKeys::RunRewrap(Actor actor) {
  log::Info("rewrap begins", {});
  absl::Status ended = co_await rewrapper_.Run(actor);
  if (ended.ok()) {
    log::Info("rewrap ended",
              {{"moved_rows", rewrapper_.moved()}, {"failed_rows", rewrapper_.failed()}});
  } else {
    log::Error("rewrap stopped", {{"moved_rows", rewrapper_.moved()}, {"error", ended}});
  }
}

Task<absl::Status> GrpcRootKeys::RetireRootKey(const rpc::CallContext& context,
                                               const v1::RetireRootKeyRequest& request,
                                               v1::RetireRootKeyResponse&) {
  const Actor actor(context.caller().SpiffeId());
  co_return co_await root_keys_.Retire(request.root_key_id(), actor);
}

Task<absl::Status> GrpcRootKeys::ShredTenant(const rpc::CallContext& context,
                                             const v1::ShredTenantRequest& request,
                                             v1::ShredTenantResponse& response) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) {
    co_return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest,
                    "tenant_id is not the id of a tenant.");
  }
  const Actor actor(context.caller().SpiffeId());
  absl::StatusOr<Shredded> shredded = co_await store_.Shred(*tenant, actor);
  if (!shredded.ok()) co_return shredded.status();
  response.set_key_count(shredded->keys);
  response.set_revoked_count(shredded->revoked_leases);
  co_return absl::OkStatus();
}

Task<void> GrpcRootKeys::Stop() {
  rewrapper_.Stop();
  group_.Cancel();
  co_await group_.Join();
}

}  // namespace latchkey::keyvault
