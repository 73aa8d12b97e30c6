#include "services/keyvault/adapters/convert.h"

#include <gtest/gtest.h>

#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class ConvertTest : public testing::Test {
 protected:
  ConvertTest() {
    proto_.set_call_id("call_1");
    proto_.set_tenant_id("tnt_a");
    proto_.set_media_instance("m1");
    proto_.set_nonce(std::string(16, 'n'));
    proto_.mutable_expire_time()->set_seconds(1'790'000'240);
    type::v1::KeyGrant& grant = *proto_.add_grants();
    grant.set_provider(type::v1::PROVIDER_TWILIO);
    grant.mutable_scope()->set_tenant_id("tnt_platform");
  }

  type::v1::SignedTicket Signed() {
    type::v1::SignedTicket ticket;
    ticket.set_ticket(proto_.SerializeAsString());
    ticket.set_signature(dialer_.Sign(secret::kTicketLabel, ticket.ticket()));
    return ticket;
  }

  secret::SigningKey dialer_ = secret::SigningKey::Make();
  type::v1::CallTicket proto_;
};

TEST_F(ConvertTest, ReadsASignedTicket) {
  const absl::StatusOr<Ticket> ticket = ParseTicket(Signed(), dialer_.verifying_key());

  ASSERT_THAT(ticket, IsOk());
  EXPECT_EQ(ticket->call.text(), "call_1");
  EXPECT_EQ(ticket->grants.at(0), SlotOf("tnt_platform", Provider::kTwilio));
  EXPECT_EQ(ticket->expire_time, absl::FromUnixSeconds(1'790'000'240));
}

TEST_F(ConvertTest, ATicketWithoutDialersSignatureIsForged) {
  type::v1::SignedTicket changed = Signed();
  changed.mutable_ticket()->back() ^= 1;
  type::v1::SignedTicket unsigned_ticket = Signed();
  unsigned_ticket.clear_signature();

  for (const type::v1::SignedTicket& ticket : {changed, unsigned_ticket}) {
    EXPECT_THAT(ParseTicket(ticket, dialer_.verifying_key()),
                StatusIs(absl::StatusCode::kPermissionDenied, "ticket_forged"));
  }
  EXPECT_THAT(ParseTicket(Signed(), secret::SigningKey::Make().verifying_key()),
              StatusIs(absl::StatusCode::kPermissionDenied, "ticket_forged"));
}

TEST_F(ConvertTest, ASignedTicketWithAMistakeIsMalformed) {
  proto_.set_call_id("tnt_a");
  EXPECT_THAT(ParseTicket(Signed(), dialer_.verifying_key()),
              StatusIs(kInvalid, "malformed_request"));
}

TEST_F(ConvertTest, ASlotNeedsATenantAndAProvider) {
  type::v1::Scope scope;
  EXPECT_THAT(ParseSlot(scope, type::v1::PROVIDER_OPENAI), StatusIs(kInvalid));
  scope.set_tenant_id("tnt_a");
  EXPECT_THAT(ParseSlot(scope, type::v1::PROVIDER_OPENAI), IsOk());
  EXPECT_THAT(ParseSlot(scope, type::v1::PROVIDER_UNSPECIFIED), StatusIs(kInvalid));
  scope.set_number_id("not-a-number");
  EXPECT_THAT(ParseSlot(scope, type::v1::PROVIDER_OPENAI), StatusIs(kInvalid));
}

TEST_F(ConvertTest, APageTokenLeadsBackToItsCursor) {
  const KeyCursor cursor{Provider::kTwilio, "num_1"};

  const absl::StatusOr<std::optional<KeyCursor>> parsed = ParsePageToken(PageToken(cursor));

  ASSERT_THAT(parsed, IsOk());
  EXPECT_EQ((*parsed)->provider, Provider::kTwilio);
  EXPECT_EQ((*parsed)->number, "num_1");
  EXPECT_THAT(ParsePageToken("99/num_1"), StatusIs(kInvalid, "malformed_request"));
  EXPECT_THAT(ParsePageToken("four"), StatusIs(kInvalid, "malformed_request"));
}

TEST_F(ConvertTest, TimesKeepTheirFraction) {
  const google::protobuf::Timestamp timestamp =
      ToTimestamp(absl::FromUnixSeconds(1'790'000'000) + absl::Microseconds(250));

  EXPECT_EQ(timestamp.seconds(), 1'790'000'000);
  EXPECT_EQ(timestamp.nanos(), 250'000);
}

}  // namespace
}  // namespace latchkey::keyvault
