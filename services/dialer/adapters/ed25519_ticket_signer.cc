#include "services/dialer/adapters/ed25519_ticket_signer.h"

#include "latchkey/type/v1/call_ticket.pb.h"
#include "services/dialer/adapters/scope.h"
#include "services/dialer/adapters/times.h"

namespace latchkey::dialer {

namespace {

type::v1::TicketPurpose PurposeMessage(TicketPurpose purpose) {
  switch (purpose) {
    case TicketPurpose::kCall:
      return type::v1::TICKET_PURPOSE_CALL;
    case TicketPurpose::kSettle:
      return type::v1::TICKET_PURPOSE_SETTLE;
    case TicketPurpose::kSetup:
      return type::v1::TICKET_PURPOSE_SETUP;
  }
  return type::v1::TICKET_PURPOSE_UNSPECIFIED;
}

}  // namespace

SignedTicket Ed25519TicketSigner::Sign(const TicketTerms& terms) {
  type::v1::CallTicket ticket;
  ticket.set_call_id(terms.call.text());
  ticket.set_tenant_id(terms.tenant.text());
  ticket.set_number_id(terms.number.text());
  for (const KeyGrant& grant : terms.grants) {
    type::v1::KeyGrant& message = *ticket.add_grants();
    message.set_provider(static_cast<type::v1::Provider>(grant.provider));
    FillScope(grant.scope, *message.mutable_scope());
  }
  ticket.set_purpose(PurposeMessage(terms.purpose));
  ticket.set_media_instance(terms.media_instance);
  FillTime(terms.not_before, *ticket.mutable_not_before());
  FillTime(terms.expire_time, *ticket.mutable_expire_time());
  FillTime(terms.lease_until, *ticket.mutable_lease_until());
  ticket.set_nonce(terms.nonce);
  SignedTicket signed_ticket;
  signed_ticket.ticket = ticket.SerializeAsString();
  signed_ticket.signature = key_.Sign(secret::kTicketLabel, signed_ticket.ticket);
  return signed_ticket;
}

}  // namespace latchkey::dialer
