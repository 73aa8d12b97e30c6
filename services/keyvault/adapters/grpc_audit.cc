#include "services/keyvault/adapters/grpc_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "absl/strings/numbers.h"
#include "lib/base/error.h"
#include "lib/rpc/identity.h"
#include "services/keyvault/adapters/convert.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

absl::Status Malformed(std::string_view sentence) {
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest, sentence);
}

// A page token is the number of the last row that was shown; "" begins at the newest.
absl::StatusOr<int64_t> ParseBefore(const std::string& token) {
  if (token.empty()) return std::numeric_limits<int64_t>::max();
  int64_t before = 0;
  if (absl::SimpleAtoi(token, &before) && before > 0) return before;
  return Malformed("page_token is not one of ours.");
}

void FillEntry(const ChainedRow& row, v1::AuditEntry& entry) {
  entry.set_number(row.number);
  *entry.mutable_time() = ToTimestamp(row.time);
  entry.set_action(row.action);
  entry.set_outcome(row.outcome);
  entry.set_actor(row.actor);
  entry.set_provider(static_cast<type::v1::Provider>(row.provider));
  entry.set_number_id(row.number_id);
  entry.set_key_id(row.key);
  entry.set_key_version(static_cast<int32_t>(row.key_version));
  entry.set_lease_id(row.lease);
  entry.set_call_id(row.call);
  entry.set_reason(row.reason);
  entry.set_count(row.count);
}

v1::AuditFault ToProto(AuditFault fault) {
  switch (fault) {
    case AuditFault::kNone:
      return v1::AUDIT_FAULT_UNSPECIFIED;
    case AuditFault::kRowChanged:
      return v1::AUDIT_FAULT_ROW_CHANGED;
    case AuditFault::kRowRemoved:
      return v1::AUDIT_FAULT_ROW_REMOVED;
    case AuditFault::kTailCut:
      return v1::AUDIT_FAULT_TAIL_CUT;
    case AuditFault::kCheckpointDiffers:
      return v1::AUDIT_FAULT_CHECKPOINT_DIFFERS;
    case AuditFault::kCheckpointMissing:
      return v1::AUDIT_FAULT_CHECKPOINT_MISSING;
    case AuditFault::kKeyMissing:
      return v1::AUDIT_FAULT_KEY_MISSING;
  }
  return v1::AUDIT_FAULT_UNSPECIFIED;
}

absl::Status CheckMediaInstance(const std::string& caller) {
  const absl::StatusOr<rpc::Identity> identity = rpc::ParseSpiffeId(caller);
  if (identity.ok() && identity->service == "media" && !identity->instance.empty()) {
    return absl::OkStatus();
  }
  return Malformed("caller is not the SPIFFE id of a media instance.");
}

}  // namespace

Task<absl::Status> GrpcAudit::ListAudit(const rpc::CallContext&,
                                        const v1::ListAuditRequest& request,
                                        v1::ListAuditResponse& response) {
  absl::StatusOr<TenantId> tenant = TenantId::Parse(request.tenant_id());
  if (!tenant.ok()) co_return Malformed("tenant_id is not the id of a tenant.");
  std::optional<Provider> provider;
  if (request.provider() != type::v1::PROVIDER_UNSPECIFIED) {
    const absl::StatusOr<Provider> known =
        provider::ParseProvider(static_cast<int>(request.provider()));
    if (!known.ok()) co_return Malformed("provider is unknown.");
    provider = *known;
  }
  const absl::StatusOr<int64_t> before = ParseBefore(request.page_token());
  if (!before.ok()) co_return before.status();
  const int asked = request.page_size() > 0 ? request.page_size() : kAuditRowsPerPageMax;
  const int limit = std::min(asked, kAuditRowsPerPageMax);
  absl::StatusOr<AuditPage> page = co_await auditor_.List(*tenant, provider, *before, limit);
  if (!page.ok()) co_return page.status();
  for (const ChainedRow& row : page->rows) FillEntry(row, *response.add_entries());
  if (page->next_before > 0) response.set_next_page_token(fmt::to_string(page->next_before));
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcAudit::VerifyAudit(const rpc::CallContext&,
                                          const v1::VerifyAuditRequest& request,
                                          v1::VerifyAuditResponse& response) {
  TenantId tenant;
  if (!request.tenant_id().empty()) {
    absl::StatusOr<TenantId> parsed = TenantId::Parse(request.tenant_id());
    if (!parsed.ok()) co_return Malformed("tenant_id is not the id of a tenant.");
    tenant = *std::move(parsed);
  }
  absl::StatusOr<AuditReport> report = co_await auditor_.Verify(tenant);
  if (!report.ok()) co_return report.status();
  response.set_fault(ToProto(report->verdict.fault));
  response.set_fault_number(report->verdict.fault_number);
  response.set_verified_count(report->verdict.verified);
  if (report->checkpoint.has_value()) {
    response.set_checkpoint_number(report->checkpoint->number);
    *response.mutable_checkpoint_time() = ToTimestamp(report->checkpoint->time);
  }
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcAudit::Freeze(const rpc::CallContext& context,
                                     const v1::FreezeRequest& request,
                                     v1::FreezeResponse& response) {
  absl::Status named = CheckMediaInstance(request.caller());
  if (!named.ok()) co_return named;
  const Actor actor(context.caller().SpiffeId());
  absl::StatusOr<bool> changed = co_await guard_.Freeze(request.caller(), actor);
  if (!changed.ok()) co_return changed.status();
  response.set_changed(*changed);
  co_return absl::OkStatus();
}

Task<absl::Status> GrpcAudit::Unfreeze(const rpc::CallContext& context,
                                       const v1::UnfreezeRequest& request,
                                       v1::UnfreezeResponse& response) {
  absl::Status named = CheckMediaInstance(request.caller());
  if (!named.ok()) co_return named;
  const Actor actor(context.caller().SpiffeId());
  absl::StatusOr<bool> changed = co_await guard_.Unfreeze(request.caller(), actor);
  if (!changed.ok()) co_return changed.status();
  response.set_changed(*changed);
  co_return absl::OkStatus();
}

}  // namespace latchkey::keyvault
