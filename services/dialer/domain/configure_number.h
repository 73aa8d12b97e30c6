// ConfigureNumber: has a media instance tell a number's carrier that its calls come to us.
#pragma once

#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "services/dialer/domain/line_admission.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

// Lives on one io thread. The ports outlive it.
class ConfigureNumber {
 public:
  ConfigureNumber(Directory& directory, LineAdmission& admission, FleetStore& fleet,
                  MediaControl& media, TicketSigner& signer, Clock& clock, Random& random)
      : directory_(directory),
        admission_(admission),
        fleet_(fleet),
        media_(media),
        signer_(signer),
        clock_(clock),
        random_(random) {}

  // May be repeated. Errors: those of Dialer.ConfigureNumber in dialer.proto.
  Task<absl::Status> Configure(const TenantId& tenant, const NumberId& number);

 private:
  Directory& directory_;
  LineAdmission& admission_;
  FleetStore& fleet_;
  MediaControl& media_;
  TicketSigner& signer_;
  Clock& clock_;
  Random& random_;
};

}  // namespace latchkey::dialer
