// Tickets signed with dialer's Ed25519 key.
#pragma once

#include "lib/secret/signature.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

class Ed25519TicketSigner final : public TicketSigner {
 public:
  explicit Ed25519TicketSigner(secret::SigningKey key) : key_(std::move(key)) {}

  SignedTicket Sign(const TicketTerms& terms) override;

 private:
  secret::SigningKey key_;
};

}  // namespace latchkey::dialer
