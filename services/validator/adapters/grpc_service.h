// GrpcService: the Validator contract, served by Validation.
#pragma once

#include "latchkey/validator/v1/validator.grpc.pb.h"
#include "lib/provider/key_hosts.h"
#include "lib/rpc/host.h"
#include "services/validator/domain/validation.h"

namespace latchkey::validator {

namespace pb = ::latchkey::validator::v1;

class GrpcService {
 public:
  using ProbeStream = rpc::ReaderWriter<pb::ProbeRequest, pb::ProbeResponse>;

  // Registers itself with `host`. `validation` and `host` outlive it. Keys are sent to `key_hosts`
  // alone.
  GrpcService(Validation& validation, provider::KeyHosts key_hosts, rpc::Host& host);

  Task<absl::Status> Probe(const rpc::CallContext& context, ProbeStream& stream);

 private:
  Validation& validation_;
  const provider::KeyHosts key_hosts_;
};

}  // namespace latchkey::validator
