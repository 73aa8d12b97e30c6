// Prober by validator: the key travels sealed to a key that validator makes for this one probe.
#pragma once

#include <string_view>

#include "latchkey/validator/v1/validator.grpc.pb.h"
#include "lib/rpc/client.h"
#include "services/keyvault/domain/ports.h"

namespace latchkey::keyvault {

class GrpcProber final : public Prober {
 public:
  // `address` of validator. `peers` outlives it.
  GrpcProber(rpc::Peers& peers, std::string_view address)
      : validator_(peers, "validator", address) {}

  // Validator out of reach, or slower than 20 s: kUnavailable `provider_unreachable`, since there
  // is no verdict.
  Task<absl::StatusOr<AccountFacts>> Probe(Provider provider, const secret::KeyFields& candidate,
                                           const std::string& model) override;

 private:
  Task<absl::StatusOr<AccountFacts>> Ask(Provider provider, const secret::KeyFields& candidate,
                                         const std::string& model);

  rpc::Client<validator::v1::Validator> validator_;
};

}  // namespace latchkey::keyvault
