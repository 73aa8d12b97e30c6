// The methods of latchkey.keyvault.v1.KeyVault that look after its use: audit and freezing.
#pragma once

#include "latchkey/keyvault/v1/keyvault.pb.h"
#include "lib/rpc/call_context.h"
#include "services/keyvault/domain/auditor.h"
#include "services/keyvault/domain/lease_guard.h"

namespace latchkey::keyvault {

// Converts, calls the domain, converts. Lives on the host's io thread. What it is made from
// outlives it.
class GrpcAudit {
 public:
  GrpcAudit(Auditor& auditor, LeaseGuard& guard) : auditor_(auditor), guard_(guard) {}

  Task<absl::Status> ListAudit(const rpc::CallContext& context, const v1::ListAuditRequest& request,
                               v1::ListAuditResponse& response);
  Task<absl::Status> VerifyAudit(const rpc::CallContext& context,
                                 const v1::VerifyAuditRequest& request,
                                 v1::VerifyAuditResponse& response);
  Task<absl::Status> Freeze(const rpc::CallContext& context, const v1::FreezeRequest& request,
                            v1::FreezeResponse& response);
  Task<absl::Status> Unfreeze(const rpc::CallContext& context, const v1::UnfreezeRequest& request,
                              v1::UnfreezeResponse& response);

 private:
  Auditor& auditor_;
  LeaseGuard& guard_;
};

}  // namespace latchkey::keyvault
