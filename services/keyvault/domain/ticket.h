// A call ticket: dialer's word that a media instance may have certain keys for one call.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "lib/base/id.h"
#include "services/keyvault/domain/key.h"

namespace latchkey::keyvault {

// To run a call; or to do what needs no running one: settling it with its carrier, or telling the
// carrier where a number's calls go.
enum class TicketPurpose { kCall, kAfterCall };

// A ticket whose signature holds; whether it holds here and now is CheckTicket's to say.
struct Ticket {
  CallId call;
  TenantId tenant;
  std::vector<KeySlot> grants;  // One for each provider, at least one.
  std::string media_instance;   // "m1"
  absl::Time not_before;
  absl::Time expire_time;
  absl::Time lease_until;
  std::string nonce;  // 16 bytes.
  TicketPurpose purpose = TicketPurpose::kCall;
};

inline constexpr size_t kNonceBytes = 16;
// Dialer asks for its call at once; longer-lived tickets would only be worth stealing.
inline constexpr absl::Duration kTicketLifeMax = absl::Minutes(5);
// Dialer's clock may be ahead of ours by this much.
inline constexpr absl::Duration kClockSkewMax = absl::Seconds(5);
// A call has one key of each provider.
inline constexpr size_t kGrantsMax = 6;

// Who presents a ticket: media, and which instance.
struct Presenter {
  Presenter(std::string its_instance, std::string its_spiffe_id)
      : instance(std::move(its_instance)), spiffe_id(std::move(its_spiffe_id)) {}

  std::string instance;   // "m1"
  std::string spiffe_id;  // "spiffe://latchkey/media/m1"
};

// OK when `presenter` may use `ticket` at `now`.
//
//   kPermissionDenied  ticket_foreign     another instance is named
//   kPermissionDenied  ticket_expired     too late, or too early
//   kInvalidArgument   malformed_request  it contradicts itself: no or doubled grants, a life over
//                                         kTicketLifeMax, no time to lease
absl::Status CheckTicket(const Ticket& ticket, const Presenter& presenter, absl::Time now);

}  // namespace latchkey::keyvault
