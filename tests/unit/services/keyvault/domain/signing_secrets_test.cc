#include "services/keyvault/domain/signing_secrets.h"

#include <gtest/gtest.h>

#include "lib/secret/mac.h"
#include "lib/secret/sealed_box.h"
#include "tests/support/await.h"
#include "tests/support/keyvault/fake_key_store.h"
#include "tests/support/keyvault/fake_signing_secret_store.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class SigningSecretsTest : public testing::Test {
 protected:
  std::string Seal(std::string_view bytes, std::string_view tenant = "tnt_a") {
    return *secret::SealedBox::Seal(
        intake_.public_key(), Secret(bytes),
        secret::BindCandidate(tenant, "", secret::kNoProvider, secret::kSigningSecretField));
  }
  absl::StatusOr<int> Set(const std::string& request, const std::string& sealed) {
    const NewSigningSecret wanted(request, tenant_, intake_.key_id(), sealed);
    return Await(secrets_.Set(wanted, Actor("spiffe://latchkey/gateway")));
  }
  absl::StatusOr<Signatures> Sign(const std::string& message) {
    return Await(secrets_.Sign(tenant_, message));
  }
  static std::string Mac(const std::string& secret, const std::string& message) {
    return secret::Mac::HmacSha256(Secret(secret), message);
  }

  const std::string one_ = std::string(32, '1'), two_ = std::string(32, '2');
  const TenantId tenant_ = *TenantId::Parse("tnt_a");
  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  secret::Envelope envelope_{ring_};
  IntakeParser intake_{ring_};
  FakeKeyStore keys_;
  SimulatedClock clock_{absl::UnixEpoch()};
  FakeSigningSecretStore store_{keys_, clock_};
  SigningSecrets secrets_{envelope_, intake_, keys_, store_};
};

TEST_F(SigningSecretsTest, SignsWithTheSecretThatWasSetLast) {
  EXPECT_THAT(Set("r1", Seal(one_)), IsOkAndHolds(1));
  EXPECT_THAT(Sign("hello"), IsOkAndHolds(Signatures{Mac(one_, "hello"), ""}));

  EXPECT_THAT(Set("r2", Seal(two_)), IsOkAndHolds(2));

  EXPECT_EQ(Sign("hello")->current, Mac(two_, "hello"));
}

TEST_F(SigningSecretsTest, ForADayTheOneBeforeSignsToo) {
  ASSERT_THAT(Set("r1", Seal(one_)), IsOk());
  ASSERT_THAT(Set("r2", Seal(two_)), IsOk());

  EXPECT_THAT(Sign("hello"), IsOkAndHolds(Signatures{Mac(two_, "hello"), Mac(one_, "hello")}));

  clock_.Advance(kSigningOverlap);
  EXPECT_THAT(Sign("hello"), IsOkAndHolds(Signatures{Mac(two_, "hello"), ""}));
}

TEST_F(SigningSecretsTest, ARepeatedRequestIsToldThatItWasDone) {
  ASSERT_THAT(Set("r1", Seal(one_)), IsOk());

  EXPECT_THAT(Set("r1", Seal(two_)),
              StatusIs(absl::StatusCode::kAlreadyExists, "signing_secret_set"));

  EXPECT_THAT(Sign("hello"), IsOkAndHolds(Signatures{Mac(one_, "hello"), ""}));
}

TEST_F(SigningSecretsTest, ATenantWithoutASecretSignsNothing) {
  EXPECT_THAT(Sign("hello"),
              StatusIs(absl::StatusCode::kFailedPrecondition, "signing_secret_missing"));
}

TEST_F(SigningSecretsTest, RefusesWhatIsBadlySealedOrOfAWrongSize) {
  EXPECT_THAT(Set("r1", "not a box"), StatusIs(kInvalid, "malformed_request"));
  EXPECT_THAT(Set("r1", Seal(one_, "tnt_b")), StatusIs(kInvalid, "malformed_request"));
  EXPECT_THAT(Set("r1", Seal(std::string(23, 'x'))), StatusIs(kInvalid, "malformed_request"));
  EXPECT_THAT(Set("r1", Seal(std::string(65, 'x'))), StatusIs(kInvalid, "malformed_request"));
  EXPECT_THAT(Set("", Seal(one_)), StatusIs(kInvalid, "malformed_request"));
  EXPECT_THAT(Sign(std::string(kSignedBytesMax + 1, 'x')), StatusIs(kInvalid, "malformed_request"));
  EXPECT_TRUE(keys_.audit.empty());
}

TEST_F(SigningSecretsTest, WhatIsKeptDoesNotShowTheSecret) {
  ASSERT_THAT(Set("r1", Seal(one_)), IsOk());

  const std::optional<StoredSigningSecret> stored = *Await(store_.Find(tenant_));

  EXPECT_EQ(stored->sealed.fields.at("signing_secret").find(one_), std::string::npos);
  EXPECT_EQ(keys_.audit.size(), 1u);
}

}  // namespace
}  // namespace latchkey::keyvault
