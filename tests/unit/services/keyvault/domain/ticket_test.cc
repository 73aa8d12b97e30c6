#include "services/keyvault/domain/ticket.h"

#include <gtest/gtest.h>

#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class TicketTest : public testing::Test {
 protected:
  absl::Time now_ = absl::FromUnixSeconds(1'790'000'000);
  Ticket ticket_ = TicketFor({SlotOf("tnt_a", Provider::kAnthropic)}, now_);
  Presenter m1_{"m1", "spiffe://latchkey/media/m1"};
};

TEST_F(TicketTest, HoldsForTheInstanceItNamesInItsTime) {
  EXPECT_THAT(CheckTicket(ticket_, m1_, now_), IsOk());
}

TEST_F(TicketTest, IsForeignToEveryOtherInstance) {
  const Presenter m2("m2", "spiffe://latchkey/media/m2");
  const Presenter nobody("", "spiffe://latchkey/media");

  EXPECT_THAT(CheckTicket(ticket_, m2, now_), StatusIs(kDenied, "ticket_foreign"));
  EXPECT_THAT(CheckTicket(ticket_, nobody, now_), StatusIs(kDenied, "ticket_foreign"));
  ticket_.media_instance = "";
  EXPECT_THAT(CheckTicket(ticket_, nobody, now_), StatusIs(kDenied, "ticket_foreign"));
}

TEST_F(TicketTest, EndsAtItsExpiryToTheInstant) {
  EXPECT_THAT(CheckTicket(ticket_, m1_, ticket_.expire_time - absl::Nanoseconds(1)), IsOk());
  EXPECT_THAT(CheckTicket(ticket_, m1_, ticket_.expire_time), StatusIs(kDenied, "ticket_expired"));
}

TEST_F(TicketTest, IsRefusedEarlyButForALittleSkewOfTheClocks) {
  EXPECT_THAT(CheckTicket(ticket_, m1_, ticket_.not_before - kClockSkewMax), IsOk());
  EXPECT_THAT(CheckTicket(ticket_, m1_, ticket_.not_before - kClockSkewMax - absl::Seconds(1)),
              StatusIs(kDenied, "ticket_expired"));
}

TEST_F(TicketTest, IsRefusedWhenThereIsNoTimeLeftToLease) {
  ticket_.lease_until = now_;

  EXPECT_THAT(CheckTicket(ticket_, m1_, now_), StatusIs(kDenied, "ticket_expired"));
}

TEST_F(TicketTest, IsMalformedWhenItContradictsItself) {
  Ticket no_grants = ticket_, twice = ticket_, long_lived = ticket_, no_nonce = ticket_;
  no_grants.grants.clear();
  twice.grants.push_back(SlotOf("tnt_a", Provider::kAnthropic, "num_1"));
  long_lived.expire_time = long_lived.not_before + kTicketLifeMax + absl::Seconds(1);
  no_nonce.nonce = "short";

  for (const Ticket& ticket : {no_grants, twice, long_lived, no_nonce}) {
    EXPECT_THAT(CheckTicket(ticket, m1_, now_), StatusIs(kInvalid, "malformed_request"));
  }
}

}  // namespace
}  // namespace latchkey::keyvault
