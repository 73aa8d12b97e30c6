// NumberSetup: tells a number's carrier that its calls come to us, with the carrier's key.
#pragma once

#include <string>

#include "lib/http/client.h"
#include "services/media/adapters/key_leases.h"
#include "services/media/adapters/stage_ports.h"

namespace latchkey::media {

// Lives on the host's io thread.
class NumberSetup {
 public:
  NumberSetup(http::Client& client, KeyLeases& leases, const Addresses& addresses)
      : client_(client), leases_(leases), addresses_(addresses) {}

  // `call_id` is the ticket's; no call has it. Errors: keyvault's, and TwilioNumbers'.
  Task<absl::Status> Configure(const std::string& call_id, const std::string& e164,
                               const Ticket& ticket);

 private:
  Task<absl::Status> ConfigureWith(const LeasedKeys& leased, const std::string& e164);

  http::Client& client_;
  KeyLeases& leases_;
  const Addresses& addresses_;
};

}  // namespace latchkey::media
