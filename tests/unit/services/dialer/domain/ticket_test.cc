#include "services/dialer/domain/ticket.h"

#include <gtest/gtest.h>

#include "tests/support/dialer/sample_line.h"
#include "tests/support/seeded_random.h"

namespace latchkey::dialer {
namespace {

const absl::Time kNow = kIndianNoon;

TEST(TicketTest, ACallTicketNamesItsInstanceAndLastsAsLongAsTheCallMay) {
  SeededRandom random;
  const std::vector<KeyGrant> grants = {
      KeyGrant{Provider::kAnthropic, KeyScope{kSampleTenant, {}}}};

  const TicketTerms terms = CallTicket(SampleCall(), grants, absl::Minutes(30), kNow, random);

  EXPECT_EQ(terms.purpose, TicketPurpose::kCall);
  EXPECT_EQ(terms.media_instance, "m1");
  EXPECT_EQ(terms.grants, grants);
  EXPECT_LE(terms.not_before, kNow);
  EXPECT_LE(terms.expire_time - terms.not_before, absl::Minutes(5));
  EXPECT_GE(terms.lease_until, kNow + kRingMax + absl::Minutes(30));
  EXPECT_EQ(terms.nonce.size(), 16u);
}

TEST(TicketTest, ASettleTicketGrantsTheCarriersKeyAlone) {
  SeededRandom random;

  const TicketTerms terms = SettleTicket(SampleCall(), "m2", kNow, random);

  EXPECT_EQ(terms.purpose, TicketPurpose::kSettle);
  EXPECT_EQ(terms.media_instance, "m2");
  ASSERT_EQ(terms.grants.size(), 1u);
  EXPECT_EQ(terms.grants[0].provider, Provider::kTwilio);
}

TEST(TicketTest, NoTwoTicketsAreTheSame) {
  SeededRandom random;
  const Call call = SampleCall();
  EXPECT_NE(SettleTicket(call, "m2", kNow, random).nonce,
            SettleTicket(call, "m2", kNow, random).nonce);
}

}  // namespace
}  // namespace latchkey::dialer
