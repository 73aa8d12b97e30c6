// Keys on their way out: tickets, leases, carriers' signatures.
#include "lib/secret/mac.h"
#include "tests/integration/keyvault/keyvault_fixture.h"
#include "tests/support/keyvault/sample_keys.h"

namespace latchkey::keyvault {
namespace {

using type::v1::PROVIDER_ANTHROPIC;
using type::v1::PROVIDER_TWILIO;

constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

class LeaseKeysTest : public KeyvaultFixture {
 protected:
  LeaseKeysTest() {
    EXPECT_THAT(Put("tnt_a", PROVIDER_ANTHROPIC, {{"api_key", std::string(kAnthropicKey)}}, "r1"),
                IsOk());
    EXPECT_THAT(
        Put("tnt_a", PROVIDER_TWILIO,
            {{"account_sid", std::string(kTwilioSid)}, {"auth_token", std::string(kTwilioToken)}},
            "r2"),
        IsOk());
    const int64_t now = absl::ToUnixSeconds(absl::Now());
    ticket_.set_call_id("call_1");
    ticket_.set_tenant_id("tnt_a");
    ticket_.set_number_id("num_1");
    ticket_.set_purpose(type::v1::TICKET_PURPOSE_CALL);
    ticket_.set_media_instance("m1");
    ticket_.mutable_not_before()->set_seconds(now - 5);
    ticket_.mutable_expire_time()->set_seconds(now + 200);
    ticket_.mutable_lease_until()->set_seconds(now + 3600);
    ticket_.set_nonce(std::string(16, 'n'));
    for (const type::v1::Provider provider : {PROVIDER_TWILIO, PROVIDER_ANTHROPIC}) {
      type::v1::KeyGrant& grant = *ticket_.add_grants();
      grant.set_provider(provider);
      grant.mutable_scope()->set_tenant_id("tnt_a");
    }
  }

  v1::LeaseKeysRequest Request() {
    v1::LeaseKeysRequest request;
    request.mutable_ticket()->set_ticket(ticket_.SerializeAsString());
    request.mutable_ticket()->set_signature(
        dialer_.Sign(secret::kTicketLabel, request.ticket().ticket()));
    request.set_public_key(pair_.public_key().bytes());
    return request;
  }

  absl::StatusOr<v1::LeaseKeysResponse> Lease(std::string_view caller = "media/m1") {
    return CallAs(caller, &Stub::PrepareAsyncLeaseKeys, Request());
  }

  absl::StatusOr<std::string> Opened(const v1::LeasedKey& key, std::string_view field,
                                     std::string_view caller = "spiffe://latchkey/media/m1") {
    const secret::LeaseTerms terms{
        key.lease_id(),      key.scope().tenant_id(),
        key.provider(),      "call_1",
        std::string(caller), absl::FromUnixSeconds(key.expire_time().seconds()),
        key.key_version()};
    for (const type::v1::SealedField& sealed : key.fields()) {
      if (sealed.name() != field) continue;
      return pair_.OpenText(sealed.sealed(), secret::BindLease(terms, field));
    }
    return absl::NotFoundError("no such field");
  }

  type::v1::CallTicket ticket_;
  secret::BoxKeyPair pair_ = secret::BoxKeyPair::Make();
};

TEST_F(LeaseKeysTest, MediaOpensWhatItsTicketGrants) {
  const absl::StatusOr<v1::LeaseKeysResponse> leased = Lease();

  ASSERT_THAT(leased, IsOk());
  ASSERT_EQ(leased->keys_size(), 2);
  EXPECT_THAT(Opened(leased->keys(0), "account_sid"), IsOkAndHolds(kTwilioSid));
  EXPECT_THAT(Opened(leased->keys(0), "auth_token"), IsOkAndHolds(kTwilioToken));
  EXPECT_THAT(Opened(leased->keys(1), "api_key"), IsOkAndHolds(kAnthropicKey));
  EXPECT_FALSE(Opened(leased->keys(1), "api_key", "spiffe://latchkey/media/m2").ok());
  EXPECT_EQ(RunSql("SELECT count(*) FROM keyvault.audit WHERE action = 'lease'"), "2");
}

TEST_F(LeaseKeysTest, AnAnswerThatWasLostIsGivenAgain) {
  const absl::StatusOr<v1::LeaseKeysResponse> first = Lease();
  const absl::StatusOr<v1::LeaseKeysResponse> again = Lease();

  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->keys(0).lease_id(), first->keys(0).lease_id());
  EXPECT_THAT(Opened(again->keys(1), "api_key"), IsOkAndHolds(kAnthropicKey));
}

TEST_F(LeaseKeysTest, AStolenTicketGivesNothing) {
  ASSERT_THAT(Lease(), IsOk());

  EXPECT_THAT(Lease("media/m2"), StatusIs(kDenied, "ticket_foreign"));
  pair_ = secret::BoxKeyPair::Make();
  EXPECT_THAT(Lease(), StatusIs(kDenied, "ticket_replayed"));
  EXPECT_EQ(RunSql("SELECT string_agg(reason, ' ' ORDER BY sequence) FROM keyvault.audit"
                   " WHERE outcome = 'refused'"),
            "ticket_foreign ticket_replayed");
}

TEST_F(LeaseKeysTest, AForgedOrOldTicketGivesNothing) {
  v1::LeaseKeysRequest forged = Request();
  forged.mutable_ticket()->mutable_signature()->back() ^= 1;
  EXPECT_THAT(CallAs("media/m1", &Stub::PrepareAsyncLeaseKeys, forged),
              StatusIs(kDenied, "ticket_forged"));

  ticket_.mutable_not_before()->set_seconds(ticket_.not_before().seconds() - 100);
  ticket_.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(absl::Now()) - 1);
  EXPECT_THAT(Lease(), StatusIs(kDenied, "ticket_expired"));
  EXPECT_EQ(RunSql("SELECT count(*) FROM keyvault.leases"), "0");
}

TEST_F(LeaseKeysTest, APublicKeyThatSharesNothingIsRefused) {
  v1::LeaseKeysRequest request = Request();
  request.set_public_key(std::string(31, 'k'));
  EXPECT_THAT(CallAs("media/m1", &Stub::PrepareAsyncLeaseKeys, request),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
}

TEST_F(LeaseKeysTest, LeasesAreRenewedAndReleasedByTheirHolder) {
  const absl::StatusOr<v1::LeaseKeysResponse> leased = Lease();
  v1::RenewLeasesRequest renew;
  for (const v1::LeasedKey& key : leased->keys()) renew.add_lease_ids(key.lease_id());
  v1::ReleaseLeaseRequest release;
  release.set_call_id("call_1");

  const auto renewed = CallAs("media/m1", &Stub::PrepareAsyncRenewLeases, renew);
  const auto foreign = CallAs("media/m2", &Stub::PrepareAsyncRenewLeases, renew);
  const auto released = CallAs("media/m1", &Stub::PrepareAsyncReleaseLease, release);
  const auto after = CallAs("media/m1", &Stub::PrepareAsyncRenewLeases, renew);

  ASSERT_THAT(renewed, IsOk());
  EXPECT_EQ(renewed->leases_size(), 2);
  EXPECT_EQ(foreign->leases_size(), 0);
  EXPECT_EQ(released->released_count(), 2);
  EXPECT_EQ(after->leases_size(), 0);
}

TEST_F(LeaseKeysTest, TwilioSignaturesAreJudgedWithoutALease) {
  v1::VerifyCarrierSignatureRequest request;
  request.mutable_scope()->set_tenant_id("tnt_a");
  request.set_provider(PROVIDER_TWILIO);
  request.set_url("https://media.example/twilio/status?call=1");
  v1::FormParameter& parameter = *request.add_parameters();
  parameter.set_name("CallSid");
  parameter.set_value("CA1");
  request.set_signature(secret::Base64(secret::Mac::HmacSha1(
      Secret(kTwilioToken), "https://media.example/twilio/status?call=1CallSidCA1")));

  const auto genuine = CallAs("dialer", &Stub::PrepareAsyncVerifyCarrierSignature, request);
  parameter.set_value("CA2");
  const auto forged = CallAs("dialer", &Stub::PrepareAsyncVerifyCarrierSignature, request);

  ASSERT_THAT(genuine, IsOk());
  EXPECT_TRUE(genuine->genuine());
  EXPECT_FALSE(forged->genuine());
}

}  // namespace
}  // namespace latchkey::keyvault
