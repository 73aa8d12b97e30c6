// Nothing that is not signed is a ticket; what is signed may be anything at all, and is looked at
// without harm.
#include "services/keyvault/domain/ticket.h"

#include "lib/base/error.h"
#include "lib/secret/signature.h"
#include "services/keyvault/adapters/convert.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  static const secret::SigningKey dialer =
      *secret::SigningKey::FromSeed(Secret(std::string(32, 'd')));
  type::v1::SignedTicket proto;
  proto.set_ticket(data, size);
  proto.set_signature(data, std::min<size_t>(size, 64));
  const auto forged = keyvault::ParseTicket(proto, dialer.verifying_key());
  Check(Reason(forged.status()) == "ticket_forged", "an unsigned ticket is forged");

  proto.set_signature(dialer.Sign(secret::kTicketLabel, AsText(data, size)));
  const auto ticket = keyvault::ParseTicket(proto, dialer.verifying_key());
  if (!ticket.ok()) return 0;
  const keyvault::Presenter presenter("m1", "spiffe://latchkey/media/m1");
  const absl::Time now = absl::FromUnixSeconds(1'790'000'000);
  if (!keyvault::CheckTicket(*ticket, presenter, now).ok()) return 0;
  Check(ticket->media_instance == "m1", "a ticket names its instance");
  Check(!ticket->grants.empty() && ticket->grants.size() <= keyvault::kGrantsMax,
        "a ticket grants something, and not too much");
  Check(ticket->expire_time > now, "a ticket expires");
  return 0;
}
