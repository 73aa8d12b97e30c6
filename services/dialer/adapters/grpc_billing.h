// Billing: prices at admission, and usage out of the outbox.
#pragma once

#include "latchkey/billing/v1/billing.grpc.pb.h"
#include "lib/pg/outbox.h"
#include "lib/rpc/client.h"
#include "services/dialer/domain/ports.h"

namespace latchkey::dialer {

class GrpcBilling final : public Pricing, public pg::OutboxReceiver {
 public:
  explicit GrpcBilling(rpc::Client<billing::v1::Billing>& billing) : billing_(billing) {}

  Task<absl::StatusOr<Rate>> Authorize(const Tenant& tenant, BillingMode mode) override;

  // OK once billing has the call in its books.
  Task<absl::Status> Deliver(const pg::OutboxMessage& message) override;

 private:
  rpc::Client<billing::v1::Billing>& billing_;
};

}  // namespace latchkey::dialer
