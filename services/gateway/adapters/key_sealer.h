// KeySealer: seals a key that came in to keyvault's intake key, before anything else is done with
// it.
#pragma once

#include "absl/status/statusor.h"
#include "latchkey/keyvault/v1/keyvault.grpc.pb.h"
#include "lib/base/task.h"
#include "lib/rpc/client.h"
#include "services/gateway/adapters/candidate.h"

namespace latchkey::gateway {

// Lives on the io thread. The client outlives it.
class KeySealer {
 public:
  explicit KeySealer(rpc::Client<keyvault::v1::KeyVault>& keyvault) : keyvault_(keyvault) {}

  // kInvalidArgument `malformed_body`; else keyvault's errors. The body is wiped with the task.
  Task<absl::StatusOr<keyvault::v1::Candidate>> Seal(Secret body, KeyOwner owner);

  // The same for a body that was read already; `beside` of its members are not of the key.
  Task<absl::StatusOr<keyvault::v1::Candidate>> Seal(KeyBody body, size_t beside, KeyOwner owner);

 private:
  rpc::Client<keyvault::v1::KeyVault>& keyvault_;
};

}  // namespace latchkey::gateway
