#include "services/media/adapters/number_setup.h"

#include "lib/base/error.h"
#include "services/media/carriers/twilio_numbers.h"
#include "services/media/domain/reasons.h"

namespace latchkey::media {

Task<absl::Status> NumberSetup::Configure(const std::string& call_id, const std::string& e164,
                                          const Ticket& ticket) {
  absl::StatusOr<std::unique_ptr<LeasedKeys>> leased = co_await leases_.Lease(call_id, ticket);
  if (!leased.ok()) co_return leased.status();
  absl::Status configured = co_await ConfigureWith(**leased, e164);
  co_await leases_.Release(call_id);
  co_return configured;
}

Task<absl::Status> NumberSetup::ConfigureWith(const LeasedKeys& leased, const std::string& e164) {
  const Secret* token = leased.Find(Provider::kTwilio, "auth_token");
  if (token == nullptr) {
    co_return Error(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest,
                    "The ticket does not grant the carrier's key.");
  }
  TwilioNumbers numbers(client_, addresses_.twilio, leased.carrier_account, *token);
  const TwilioNumberUrls urls{.voice_url = addresses_.public_url.At(kInboundPath).Text(),
                              .status_url = addresses_.public_url.At(kInboundStatusPath).Text()};
  co_return co_await numbers.Configure(e164, urls);
}

}  // namespace latchkey::media
