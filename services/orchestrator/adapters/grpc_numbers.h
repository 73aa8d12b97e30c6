// GrpcNumbers: the contract Orchestrator's methods about numbers.
#pragma once

#include "latchkey/orchestrator/v1/orchestrator.pb.h"
#include "lib/rpc/call_context.h"
#include "services/orchestrator/domain/number_keys.h"
#include "services/orchestrator/domain/numbers.h"

namespace latchkey::orchestrator {

namespace pb = ::latchkey::orchestrator::v1;

// Converts, calls, converts. The use cases outlive it.
class GrpcNumbers {
 public:
  GrpcNumbers(Numbers& numbers, NumberKeys& keys) : numbers_(numbers), keys_(keys) {}

  Task<absl::Status> CreateNumber(const rpc::CallContext& context,
                                  const pb::CreateNumberRequest& request,
                                  pb::CreateNumberResponse& response);
  Task<absl::Status> UpdateNumber(const rpc::CallContext& context,
                                  const pb::UpdateNumberRequest& request,
                                  pb::UpdateNumberResponse& response);
  Task<absl::Status> GetNumber(const rpc::CallContext& context, const pb::GetNumberRequest& request,
                               pb::GetNumberResponse& response);
  Task<absl::Status> ListNumbers(const rpc::CallContext& context,
                                 const pb::ListNumbersRequest& request,
                                 pb::ListNumbersResponse& response);
  Task<absl::Status> FindNumber(const rpc::CallContext& context,
                                const pb::FindNumberRequest& request,
                                pb::FindNumberResponse& response);
  Task<absl::Status> AdmitNumberKeys(const rpc::CallContext& context,
                                     const pb::AdmitNumberKeysRequest& request,
                                     pb::AdmitNumberKeysResponse& response);

 private:
  Task<absl::StatusOr<NumberAndTenant>> FindWhatIsAsked(const pb::FindNumberRequest& request);
  // Of a number that was just written: without its voice, if keyvault is out of reach.
  Task<void> FillWritten(const Number& number, pb::Number& message);

  Numbers& numbers_;
  NumberKeys& keys_;
};

}  // namespace latchkey::orchestrator
