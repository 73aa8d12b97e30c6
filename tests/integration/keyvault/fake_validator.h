// FakeValidator: validator's contract on the wire, with verdicts that the key itself chooses.
#pragma once

#include <atomic>

#include "latchkey/validator/v1/validator.grpc.pb.h"
#include "lib/rpc/call_context.h"
#include "lib/rpc/stream.h"

namespace latchkey::keyvault {

// A key that contains "rejected" is rejected (no credit); "unreachable" and "busy" get no verdict;
// the model "forbidden" is one that no key may use; all else is valid, with a ceiling of 25 calls.
// Lives on its host's io thread.
class FakeValidator {
 public:
  Task<absl::Status> Probe(
      const rpc::CallContext& context,
      rpc::ReaderWriter<validator::v1::ProbeRequest, validator::v1::ProbeResponse>& stream);

  std::atomic<int> probes = 0;
  std::atomic<bool> reject = false;  // Every key, as one without credit.
};

}  // namespace latchkey::keyvault
