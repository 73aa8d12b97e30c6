// CarrierVerifier: says whether a carrier signed a request, without giving its key away.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "lib/base/task.h"
#include "lib/provider/carrier_signature.h"
#include "lib/secret/envelope.h"
#include "services/keyvault/domain/ports.h"

namespace latchkey::keyvault {

// A request that claims to come from a carrier.
struct CarrierRequest {
  CarrierRequest(std::string its_url, provider::FormParameters its_parameters,
                 std::string its_signature)
      : url(std::move(its_url)),
        parameters(std::move(its_parameters)),
        signature(std::move(its_signature)) {}

  std::string url;  // As the carrier was given it.
  provider::FormParameters parameters;
  std::string signature;  // The header's value.
};

class CarrierVerifier {
 public:
  CarrierVerifier(const secret::Envelope& envelope, KeyStore& store)
      : envelope_(envelope), store_(store) {}

  // True if the slot's carrier account signed the request.
  //   kNotFound         key_not_found      the slot has no key
  //   kInvalidArgument  malformed_request  the provider signs nothing
  Task<absl::StatusOr<bool>> Verify(const KeySlot& slot, const CarrierRequest& request);

 private:
  const secret::Envelope& envelope_;
  KeyStore& store_;
};

}  // namespace latchkey::keyvault
