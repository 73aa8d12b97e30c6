#include "services/keyvault/domain/ticket.h"

#include <set>

#include "lib/base/error.h"
#include "services/keyvault/domain/reasons.h"

namespace latchkey::keyvault {

namespace {

absl::Status Malformed(std::string_view sentence) {
  return Error(absl::StatusCode::kInvalidArgument, reason::kMalformedRequest, sentence);
}

absl::Status Expired(std::string_view sentence) {
  return Error(absl::StatusCode::kPermissionDenied, reason::kTicketExpired, sentence);
}

absl::Status CheckGrants(const Ticket& ticket) {
  if (ticket.grants.empty() || ticket.grants.size() > kGrantsMax) {
    return Malformed("A ticket grants one to six keys.");
  }
  std::set<Provider> providers;
  for (const KeySlot& grant : ticket.grants) {
    if (!providers.insert(grant.provider).second) {
      return Malformed("A ticket grants one key of each provider.");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckTicket(const Ticket& ticket, const Presenter& presenter, absl::Time now) {
  if (ticket.nonce.size() != kNonceBytes) return Malformed("A ticket's nonce has 16 bytes.");
  if (ticket.expire_time - ticket.not_before > kTicketLifeMax) {
    return Malformed("A ticket lives for five minutes at most.");
  }
  absl::Status grants = CheckGrants(ticket);
  if (!grants.ok()) return grants;
  if (presenter.instance.empty() || ticket.media_instance != presenter.instance) {
    return Error(absl::StatusCode::kPermissionDenied, reason::kTicketForeign,
                 "The ticket names another media instance.");
  }
  if (now + kClockSkewMax < ticket.not_before) {
    return Expired("The ticket is not good yet. Compare the clocks of dialer and keyvault.");
  }
  if (now >= ticket.expire_time) return Expired("The ticket is too old. Dialer signs a new one.");
  if (now >= ticket.lease_until) return Expired("The time that the ticket leases for has passed.");
  return absl::OkStatus();
}

}  // namespace latchkey::keyvault
