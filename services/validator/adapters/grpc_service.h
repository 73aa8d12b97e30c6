// GrpcService: the Validator contract, served by Validation.
#pragma once

#include "latchkey/validator/v1/validator.grpc.pb.h"
#include "lib/rpc/host.h"
#include "services/validator/domain/validation.h"

namespace latchkey::validator {

namespace pb = ::latchkey::validator::v1;

class GrpcService {
 public:
  using ProbeStream = rpc::ReaderWriter<pb::ProbeRequest, pb::ProbeResponse>;

  // Registers itself with `host`. Both outlive it.
  GrpcService(Validation& validation, rpc::Host& host);

  Task<absl::Status> Probe(const rpc::CallContext& context, ProbeStream& stream);

 private:
  Validation& validation_;
};

}  // namespace latchkey::validator
