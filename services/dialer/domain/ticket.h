// Tickets: the permission to lease keys for one call, on one media instance, for a short time.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "lib/base/random.h"
#include "services/dialer/domain/call.h"

namespace latchkey::dialer {

enum class TicketPurpose { kCall, kSettle, kSetup };

struct TicketTerms {
  CallId call;
  TenantId tenant;
  NumberId number;
  std::vector<KeyGrant> grants;
  TicketPurpose purpose = TicketPurpose::kCall;
  std::string media_instance;
  absl::Time not_before;
  absl::Time expire_time;
  absl::Time lease_until;
  std::string nonce;  // 16 random bytes.
};

struct SignedTicket {
  std::string ticket;
  std::string signature;
};

// The carrier gives up ringing after this.
inline constexpr absl::Duration kRingMax = absl::Seconds(30);

// For running the call: all of its keys, for as long as it may ring and last.
TicketTerms CallTicket(const Call& call, std::vector<KeyGrant> grants,
                       absl::Duration call_duration_max, absl::Time now, Random& random);

// For settling it on `instance`: the carrier's key alone, for minutes.
TicketTerms SettleTicket(const Call& call, const std::string& instance, absl::Time now,
                         Random& random);

// For telling the carrier where the calls of `setup`'s number go: the carrier's key alone, for a
// minute. `setup` is no call; its id is the ticket's alone.
TicketTerms SetupTicket(const Call& setup, const std::string& instance, absl::Time now,
                        Random& random);

}  // namespace latchkey::dialer
