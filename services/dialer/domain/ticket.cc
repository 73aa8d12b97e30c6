#include "services/dialer/domain/ticket.h"

#include <array>

namespace latchkey::dialer {
namespace {

// The clocks of dialer and of keyvault's database may differ by as much.
constexpr absl::Duration kSkew = absl::Seconds(5);
// Long enough for a slow start of the call, and below keyvault's limit of 5 minutes.
constexpr absl::Duration kTicketTtl = absl::Minutes(2);
// For placing the call, the goodbye, and reporting its end.
constexpr absl::Duration kLeaseMargin = absl::Minutes(5);
// Two requests to the carrier.
constexpr absl::Duration kSetupLease = absl::Minutes(1);
constexpr size_t kNonceBytes = 16;

TicketTerms Terms(const Call& call, absl::Time now, Random& random) {
  std::array<uint8_t, kNonceBytes> nonce{};
  random.Fill(nonce);
  TicketTerms terms;
  terms.call = call.id;
  terms.tenant = call.tenant;
  terms.number = call.number;
  terms.not_before = now - kSkew;
  terms.expire_time = now + kTicketTtl;
  terms.nonce.assign(nonce.begin(), nonce.end());
  return terms;
}

}  // namespace

TicketTerms CallTicket(const Call& call, std::vector<KeyGrant> grants,
                       absl::Duration call_duration_max, absl::Time now, Random& random) {
  TicketTerms terms = Terms(call, now, random);
  terms.grants = std::move(grants);
  terms.purpose = TicketPurpose::kCall;
  terms.media_instance = call.media_instance;
  terms.lease_until = now + kRingMax + call_duration_max + kLeaseMargin;
  return terms;
}

TicketTerms SettleTicket(const Call& call, const std::string& instance, absl::Time now,
                         Random& random) {
  TicketTerms terms = Terms(call, now, random);
  terms.grants = {KeyGrant{call.carrier, call.carrier_scope}};
  terms.purpose = TicketPurpose::kSettle;
  terms.media_instance = instance;
  terms.lease_until = now + kLeaseMargin;
  return terms;
}

TicketTerms SetupTicket(const Call& setup, const std::string& instance, absl::Time now,
                        Random& random) {
  TicketTerms terms = SettleTicket(setup, instance, now, random);
  terms.purpose = TicketPurpose::kSetup;
  terms.lease_until = now + kSetupLease;
  return terms;
}

}  // namespace latchkey::dialer
