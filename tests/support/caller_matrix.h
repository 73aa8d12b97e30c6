// CallerMatrix: every method of a server × every identity, allowed exactly where the proto says.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string>

#include "tests/support/pki.h"

namespace latchkey {

// Fails the running test for every method of `service` at `address` that lets in an identity which
// its `callers` option does not name, or refuses one that it does. Tries each known service, a
// media instance, two URI SANs, a common name or a DNS name alone, no name, a foreign trust domain,
// another CA, an expired certificate, and none. The calls have no deadline, so the harness refuses
// the allowed ones
// (`deadline_missing`) before the handler runs: nothing is changed by this check.
void ExpectCallersAreEnforced(Pki& pki, const std::string& server_name, const std::string& address,
                              const google::protobuf::ServiceDescriptor& service);

}  // namespace latchkey
