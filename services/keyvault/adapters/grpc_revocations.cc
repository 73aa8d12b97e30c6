#include "services/keyvault/adapters/grpc_revocations.h"

#include <algorithm>

#include "lib/base/error.h"
#include "services/keyvault/adapters/convert.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

constexpr int kRevocationsPerMessageMax = 500;
constexpr absl::Duration kStreamMax = absl::Minutes(5);
// Kept of the caller's deadline, so that the stream ends with OK and not with it.
constexpr absl::Duration kDeadlineReserve = absl::Milliseconds(500);

absl::Status Malformed(std::string_view sentence) {
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest, sentence);
}

v1::RevocationReason ToProto(RevocationReason reason) {
  switch (reason) {
    case RevocationReason::kKeyDeleted:
      return v1::REVOCATION_REASON_KEY_DELETED;
    case RevocationReason::kRevokedByOps:
      return v1::REVOCATION_REASON_REVOKED_BY_OPS;
    case RevocationReason::kTenantShredded:
      return v1::REVOCATION_REASON_TENANT_SHREDDED;
  }
  return v1::REVOCATION_REASON_UNSPECIFIED;
}

absl::StatusOr<RevocationTarget> ParseTarget(const v1::RevokeAllRequest& request) {
  switch (request.target_case()) {
    case v1::RevokeAllRequest::kTenantId: {
      absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
      if (!tenant.ok()) return Malformed("tenant_id is not the id of a tenant.");
      return RevocationTarget(*std::move(tenant));
    }
    case v1::RevokeAllRequest::kCaller:
      if (request.caller().rfind("spiffe://", 0) == 0) {
        return RevocationTarget(OfCaller(request.caller()));
      }
      return Malformed("caller is a SPIFFE id, such as spiffe://latchkey/media/m1.");
    case v1::RevokeAllRequest::kAll:
      if (request.all()) return RevocationTarget(OfEverybody());
      break;
    case v1::RevokeAllRequest::TARGET_NOT_SET:
      break;
  }
  return Malformed("Name a tenant_id or a caller, or say all: true.");
}

v1::WatchRevocationsResponse Compose(const std::vector<Revocation>& revocations, int64_t cursor) {
  v1::WatchRevocationsResponse message;
  for (const Revocation& revocation : revocations) {
    v1::Revocation& out = *message.add_revocations();
    out.set_number(revocation.number);
    out.set_lease_id(revocation.lease.text());
    out.set_call_id(revocation.call.text());
    out.set_reason(ToProto(revocation.reason));
  }
  message.set_cursor(cursor);
  return message;
}

}  // namespace

Task<absl::Status> GrpcRevocations::SwitchVersion(const rpc::CallContext& context,
                                                  const v1::SwitchVersionRequest& request,
                                                  v1::SwitchVersionResponse& response) {
  absl::StatusOr<LeaseId> lease = LeaseId::Parse(request.lease_id());
  if (!lease.ok()) co_return Malformed("lease_id is not the id of a lease.");
  const Presenter presenter(context.caller().instance, context.caller().SpiffeId());
  absl::StatusOr<LeasedKey> key =
      co_await revoker_.Switch(presenter, *lease, request.from_version());
  if (!key.ok()) co_return key.status();
  FillLeasedKey(*key, *response.mutable_key());
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcRevocations::WatchRevocations(
    const rpc::CallContext& context, const v1::WatchRevocationsRequest& request,
    rpc::Writer<v1::WatchRevocationsResponse>& stream) {
  const std::string caller = context.caller().SpiffeId();
  const absl::Time end = std::min(absl::Now() + kStreamMax, context.deadline() - kDeadlineReserve);
  int64_t cursor = std::max<int64_t>(request.cursor(), 0);
  bool first = true;
  while (!feed_.stopping()) {
    const int64_t seen = feed_.head();  // Before the look: what comes after it wakes us.
    absl::StatusOr<std::vector<Revocation>> news =
        co_await store_.List(caller, cursor, kRevocationsPerMessageMax);
    if (!news.ok()) co_return news.status();
    if (!news->empty()) cursor = news->back().number;
    if (first || !news->empty()) {
      const v1::WatchRevocationsResponse message = Compose(*news, cursor);
      absl::Status written = co_await stream.Write(message);
      if (!written.ok()) co_return written;
    }
    first = false;
    if (absl::Now() >= end) break;
    if (news->size() < kRevocationsPerMessageMax) co_await feed_.AwaitAbove(seen, end);
  }
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcRevocations::RevokeAll(const rpc::CallContext& context,
                                              const v1::RevokeAllRequest& request,
                                              v1::RevokeAllResponse& response) {
  absl::StatusOr<RevocationTarget> target = ParseTarget(request);
  if (!target.ok()) co_return target.status();
  const Actor actor(context.caller().SpiffeId());
  absl::StatusOr<int> revoked = co_await revoker_.RevokeAll(*target, actor);
  if (!revoked.ok()) co_return revoked.status();
  response.set_revoked_count(*revoked);
  co_return absl::OkStatus();
}

}  // namespace latchkey::keyvault
