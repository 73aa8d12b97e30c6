// What dialer signs is what keyvault will read and verify.
#include <gtest/gtest.h>

#include "latchkey/type/v1/call_ticket.pb.h"
#include "services/dialer/adapters/ed25519_ticket_signer.h"
#include "tests/support/dialer/sample_line.h"
#include "tests/support/seeded_random.h"

namespace latchkey::dialer {
namespace {

TEST(Ed25519TicketSignerTest, ATicketCarriesItsTermsAndVerifiesWithThePublicKey) {
  secret::SigningKey key = secret::SigningKey::Make();
  const secret::VerifyingKey verifying = key.verifying_key();
  Ed25519TicketSigner signer(std::move(key));
  SeededRandom random;
  Call call = SampleCall();
  const std::vector<KeyGrant> grants = {
      KeyGrant{Provider::kAnthropic, KeyScope{kSampleTenant, kSampleNumber}}};
  const TicketTerms terms = CallTicket(call, grants, absl::Minutes(30), kIndianNoon, random);

  const SignedTicket ticket = signer.Sign(terms);

  EXPECT_TRUE(verifying.Verify(secret::kTicketLabel, ticket.ticket, ticket.signature));
  type::v1::CallTicket read;
  ASSERT_TRUE(read.ParseFromString(ticket.ticket));
  EXPECT_EQ(read.call_id(), "call_a");
  EXPECT_EQ(read.tenant_id(), kSampleTenant.text());
  EXPECT_EQ(read.number_id(), kSampleNumber.text());
  ASSERT_EQ(read.grants_size(), 1);
  EXPECT_EQ(read.grants(0).provider(), type::v1::PROVIDER_ANTHROPIC);
  EXPECT_EQ(read.grants(0).scope().number_id(), kSampleNumber.text());
  EXPECT_EQ(read.purpose(), type::v1::TICKET_PURPOSE_CALL);
  EXPECT_EQ(read.media_instance(), "m1");
  EXPECT_EQ(read.not_before().seconds(), absl::ToUnixSeconds(terms.not_before));
  EXPECT_EQ(read.expire_time().seconds(), absl::ToUnixSeconds(terms.expire_time));
  EXPECT_EQ(read.lease_until().seconds(), absl::ToUnixSeconds(terms.lease_until));
  EXPECT_EQ(read.nonce(), terms.nonce);
}

TEST(Ed25519TicketSignerTest, AChangedTicketDoesNotVerify) {
  secret::SigningKey key = secret::SigningKey::Make();
  const secret::VerifyingKey verifying = key.verifying_key();
  Ed25519TicketSigner signer(std::move(key));
  SeededRandom random;
  const TicketTerms terms = SettleTicket(SampleCall(), "m2", kIndianNoon, random);

  SignedTicket ticket = signer.Sign(terms);
  ticket.ticket += '\0';

  EXPECT_FALSE(verifying.Verify(secret::kTicketLabel, ticket.ticket, ticket.signature));
}

}  // namespace
}  // namespace latchkey::dialer
