#include "lib/secret/sealed_box.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/support/status_matchers.h"

namespace latchkey::secret {
namespace {

const LeaseTerms kTerms{"lease_1",
                        "tnt_a",
                        4,
                        "call_1",
                        "spiffe://latchkey/media/m1",
                        absl::FromUnixSeconds(1'790'000'180),
                        2};

class SealedBoxTest : public testing::Test {
 protected:
  BoxKeyPair receiver_ = BoxKeyPair::Make();
  Secret secret_{"0123456789abcdef0123456789abcdef"};
  BoxBinding binding_ = BindLease(kTerms, "auth_token");
};

TEST_F(SealedBoxTest, TheReceiverOpensIt) {
  const absl::StatusOr<std::string> sealed =
      SealedBox::Seal(receiver_.public_key(), secret_, binding_);
  ASSERT_THAT(sealed, IsOk());

  const absl::StatusOr<Secret> opened = receiver_.Open(*sealed, binding_);

  ASSERT_THAT(opened, IsOk());
  EXPECT_TRUE(Secret::EqualInConstantTime(*opened, secret_));
  EXPECT_THAT(receiver_.OpenText(*sealed, binding_),
              IsOkAndHolds("0123456789abcdef0123456789abcdef"));
}

TEST_F(SealedBoxTest, NobodyElseOpensIt) {
  const std::string sealed = *SealedBox::Seal(receiver_.public_key(), secret_, binding_);

  EXPECT_THAT(BoxKeyPair::Make().Open(sealed, binding_),
              StatusIs(absl::StatusCode::kInvalidArgument, "sealed_badly"));
}

TEST_F(SealedBoxTest, EveryFlippedByteAndEveryTruncationIsNoticed) {
  const std::string sealed = *SealedBox::Seal(receiver_.public_key(), secret_, binding_);
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 0x40);
    EXPECT_FALSE(receiver_.Open(changed, binding_).ok()) << "byte " << i;
    EXPECT_FALSE(receiver_.Open(sealed.substr(0, i), binding_).ok()) << "size " << i;
  }
}

TEST_F(SealedBoxTest, OpensAsWhatItWasSealedOnly) {
  const std::string sealed = *SealedBox::Seal(receiver_.public_key(), secret_, binding_);
  const std::function<void(LeaseTerms&)> changes[] = {
      [](LeaseTerms& terms) { terms.lease_id = "lease_2"; },
      [](LeaseTerms& terms) { terms.tenant_id = "tnt_b"; },
      [](LeaseTerms& terms) { terms.provider = 5; },
      [](LeaseTerms& terms) { terms.call_id = "call_2"; },
      [](LeaseTerms& terms) { terms.caller = "spiffe://latchkey/media/m2"; },
      [](LeaseTerms& terms) { terms.expire_time += absl::Seconds(1); },
      [](LeaseTerms& terms) { terms.key_version = 3; },
  };
  for (const auto& change : changes) {
    LeaseTerms other = kTerms;
    change(other);
    EXPECT_FALSE(receiver_.Open(sealed, BindLease(other, "auth_token")).ok());
  }
  EXPECT_FALSE(receiver_.Open(sealed, BindLease(kTerms, "account_sid")).ok());
  EXPECT_FALSE(receiver_.Open(sealed, {"candidate v1", binding_.data}).ok());
  EXPECT_FALSE(receiver_.Open(sealed, BindCandidate("tnt_a", "", 4, "auth_token")).ok());
}

TEST_F(SealedBoxTest, TheSameSecretNeverGivesTheSameBox) {
  EXPECT_NE(*SealedBox::Seal(receiver_.public_key(), secret_, binding_),
            *SealedBox::Seal(receiver_.public_key(), secret_, binding_));
}

TEST_F(SealedBoxTest, SeveralThatAreSealedAtOnceOpenEachAsItsOwn) {
  const BoxBinding other_binding = BindLease(kTerms, "account_sid");
  const SealedBox::Sealer sealer =
      *SealedBox::Sealer::Make(receiver_.public_key(), std::string(kLeaseLabel));

  const std::string token = sealer.Seal(secret_, binding_);
  const std::string sid = sealer.Seal(Secret("AC0123"), other_binding);

  EXPECT_THAT(receiver_.OpenText(token, binding_),
              IsOkAndHolds("0123456789abcdef0123456789abcdef"));
  EXPECT_THAT(receiver_.OpenText(sid, other_binding), IsOkAndHolds("AC0123"));
  EXPECT_FALSE(receiver_.Open(token, other_binding).ok());
  EXPECT_FALSE(BoxKeyPair::Make().Open(token, binding_).ok());
}

TEST_F(SealedBoxTest, ASealerRepeatsNoNonceAndNoAgreementOfAnother) {
  const auto make = [this] {
    return *SealedBox::Sealer::Make(receiver_.public_key(), std::string(kLeaseLabel));
  };
  const SealedBox::Sealer first = make(), second = make();
  const auto agreement = [](const std::string& box) { return box.substr(1, BoxPublicKey::kBytes); };
  const auto nonce = [](const std::string& box) {
    return box.substr(1 + BoxPublicKey::kBytes, 24);
  };

  const std::string a = first.Seal(secret_, binding_), b = first.Seal(secret_, binding_);

  EXPECT_EQ(agreement(a), agreement(b));
  EXPECT_NE(nonce(a), nonce(b));
  EXPECT_NE(agreement(a), agreement(second.Seal(secret_, binding_)));
}

TEST_F(SealedBoxTest, APublicKeyThatSharesNothingIsRefused) {
  const BoxPublicKey zero = *BoxPublicKey::Parse(std::string(32, '\0'));

  EXPECT_THAT(SealedBox::Seal(zero, secret_, binding_),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_public_key"));
  EXPECT_THAT(BoxPublicKey::Parse("short"),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_public_key"));
}

TEST_F(SealedBoxTest, TheLargestFieldFitsAndALongerOneIsRefused) {
  const Secret largest(std::string(512, 'x'));
  const std::string sealed = *SealedBox::Seal(receiver_.public_key(), largest, binding_);

  EXPECT_LE(sealed.size(), kSealedBytesMax);
  EXPECT_THAT(receiver_.Open(sealed, binding_), IsOk());
  EXPECT_THAT(receiver_.Open(std::string(kSealedBytesMax + 1, '\x01'), binding_),
              StatusIs(absl::StatusCode::kInvalidArgument, "sealed_badly"));
}

TEST_F(SealedBoxTest, TheSameSecretHalfGivesTheSamePair) {
  const BoxKeyPair first = BoxKeyPair::FromSecret(Secret(std::string(32, 's')));
  const BoxKeyPair second = BoxKeyPair::FromSecret(Secret(std::string(32, 's')));

  EXPECT_EQ(first.public_key(), second.public_key());
  const std::string sealed = *SealedBox::Seal(first.public_key(), secret_, binding_);
  EXPECT_THAT(second.Open(sealed, binding_), IsOk());
}

// proto/latchkey/keyvault/v1/keyvault.proto says it in words; gateway and media rely on it.
TEST_F(SealedBoxTest, TheAdditionalDataIsWhatTheContractSays) {
  const AdditionalData lease{
      "latchkey lease v1",          "lease_1",    "tnt_a", "4",         "call_1",
      "spiffe://latchkey/media/m1", "1790000180", "2",     "auth_token"};
  const AdditionalData candidate{"latchkey candidate v1", "tnt_a", "num_1", "6", "api_key"};
  const AdditionalData probe{"latchkey probe v1", "3", "api_key"};

  EXPECT_EQ(binding_.data.bytes(), lease.bytes());
  EXPECT_EQ(BindCandidate("tnt_a", "num_1", 6, "api_key").data.bytes(), candidate.bytes());
  EXPECT_EQ(BindProbe(3, "api_key").data.bytes(), probe.bytes());
  EXPECT_EQ(probe.bytes().substr(0, 5), std::string("\0\0\0\x11l", 5));
}

}  // namespace
}  // namespace latchkey::secret
