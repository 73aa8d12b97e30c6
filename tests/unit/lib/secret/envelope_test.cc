#include "lib/secret/envelope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "tests/support/status_matchers.h"

namespace latchkey::secret {
namespace {

using testing::HasSubstr;

class EnvelopeTest : public testing::Test {
 protected:
  EnvelopeTest() {
    fields_.Put("account_sid", Secret("AC0123456789abcdef0123456789abcdef"));
    fields_.Put("auth_token", Secret("0123456789abcdef0123456789abcdef"));
  }

  KeyRing ring_ = *KeyRing::FromBase64(GenerateRootKey(), "test");
  Envelope envelope_{ring_};
  std::string tenant_key_ = envelope_.MakeTenantKey("tnt_a");
  KeyAddress address_{"tnt_a", "num_1", 4, "key_1", 2};
  KeyFields fields_;
};

TEST_F(EnvelopeTest, OpensAllFieldsOfWhatItSealed) {
  const absl::StatusOr<SealedKey> sealed = envelope_.Seal(tenant_key_, address_, fields_);
  ASSERT_THAT(sealed, IsOk());

  const absl::StatusOr<KeyFields> opened = envelope_.Open(tenant_key_, address_, *sealed);

  ASSERT_THAT(opened, IsOk());
  ASSERT_EQ(opened->size(), 2u);
  for (const auto& [name, value] : fields_) {
    ASSERT_NE(opened->Find(name), nullptr);
    EXPECT_TRUE(Secret::EqualInConstantTime(*opened->Find(name), value));
  }
}

TEST_F(EnvelopeTest, ABlobMovedToAnotherRowDoesNotOpen) {
  const SealedKey sealed = *envelope_.Seal(tenant_key_, address_, fields_);
  const std::function<void(KeyAddress&)> moves[] = {
      [](KeyAddress& address) { address.tenant_id = "tnt_b"; },
      [](KeyAddress& address) { address.number_id = ""; },
      [](KeyAddress& address) { address.provider = 5; },
      [](KeyAddress& address) { address.key_id = "key_2"; },
      [](KeyAddress& address) { address.version = 3; },
  };
  for (const auto& move : moves) {
    KeyAddress elsewhere = address_;
    move(elsewhere);
    EXPECT_FALSE(envelope_.Open(tenant_key_, elsewhere, sealed).ok());
  }
}

TEST_F(EnvelopeTest, SwappedFieldsDoNotOpen) {
  SealedKey sealed = *envelope_.Seal(tenant_key_, address_, fields_);
  std::swap(sealed.fields["account_sid"], sealed.fields["auth_token"]);

  EXPECT_THAT(envelope_.Open(tenant_key_, address_, sealed),
              StatusIs(absl::StatusCode::kInternal, "blob_unreadable"));
}

TEST_F(EnvelopeTest, NothingOpensWithAnyOfItsBytesFlipped) {
  const SealedKey sealed = *envelope_.Seal(tenant_key_, address_, fields_);
  for (size_t i = 0; i < tenant_key_.size(); ++i) {
    std::string flipped = tenant_key_;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    EXPECT_FALSE(envelope_.Open(flipped, address_, sealed).ok()) << "tenant key, byte " << i;
    EXPECT_FALSE(envelope_.Rewrap("tnt_a", flipped).ok()) << "tenant key, byte " << i;
  }
  for (size_t i = 0; i < sealed.data_key.size(); ++i) {
    SealedKey flipped = sealed;
    flipped.data_key[i] = static_cast<char>(flipped.data_key[i] ^ 1);
    EXPECT_FALSE(envelope_.Open(tenant_key_, address_, flipped).ok()) << "data key, byte " << i;
  }
  const std::string field = "auth_token";
  for (size_t i = 0; i < sealed.fields.at(field).size(); ++i) {
    SealedKey flipped = sealed;
    flipped.fields[field][i] = static_cast<char>(flipped.fields[field][i] ^ 1);
    EXPECT_FALSE(envelope_.Open(tenant_key_, address_, flipped).ok()) << "field, byte " << i;
  }
}

TEST_F(EnvelopeTest, ARewrappedTenantKeyOpensWhatWasSealedBefore) {
  const std::string id = "next";
  const KeyRing wider =
      *KeyRing::Parse("current " + id + "\n" + id + " " + GenerateRootKey() + "\n", "test");
  EXPECT_THAT(Envelope(wider).Rewrap("tnt_a", tenant_key_),
              StatusIs(absl::StatusCode::kFailedPrecondition, "root_key_unknown"));
  const SealedKey sealed = *envelope_.Seal(tenant_key_, address_, fields_);

  const absl::StatusOr<std::string> rewrapped = envelope_.Rewrap("tnt_a", tenant_key_);

  ASSERT_THAT(rewrapped, IsOk());
  EXPECT_NE(*rewrapped, tenant_key_);
  EXPECT_THAT(envelope_.Open(*rewrapped, address_, sealed), IsOk());
  EXPECT_FALSE(envelope_.Rewrap("tnt_b", tenant_key_).ok());
}

TEST_F(EnvelopeTest, AnotherTenantsKeyDoesNotOpen) {
  const SealedKey sealed = *envelope_.Seal(tenant_key_, address_, fields_);

  EXPECT_FALSE(envelope_.Open(envelope_.MakeTenantKey("tnt_a"), address_, sealed).ok());
}

TEST_F(EnvelopeTest, TheSameKeyHasTheSameFingerprintWithinATenantOnly) {
  const SealedKey first = *envelope_.Seal(tenant_key_, address_, fields_);
  const SealedKey second = *envelope_.Seal(tenant_key_, address_, fields_);
  const std::string other_tenant = envelope_.MakeTenantKey("tnt_b");
  const KeyAddress other_address{"tnt_b", "", 4, "key_9", 1};

  EXPECT_EQ(first.fingerprint, second.fingerprint);
  EXPECT_NE(first.data_key, second.data_key);
  EXPECT_NE(envelope_.Seal(other_tenant, other_address, fields_)->fingerprint, first.fingerprint);
}

TEST_F(EnvelopeTest, NamesTheRootKeyThatIsMissing) {
  const KeyRing other = *KeyRing::FromBase64(GenerateRootKey(), "test");

  const absl::Status checked = Envelope(other).CheckTenantKey("tnt_a", tenant_key_);

  EXPECT_THAT(checked, StatusIs(absl::StatusCode::kFailedPrecondition, "root_key_unknown"));
  EXPECT_THAT(Message(checked), HasSubstr(ring_.current().id()));
  EXPECT_THAT(Message(checked), HasSubstr(other.current().id()));
}

TEST_F(EnvelopeTest, SaysWhenTheRootKeyOfThatNameIsAnother) {
  const std::string id = ring_.current().id();
  const std::string text = "current " + id + "\n" + id + " " + GenerateRootKey() + "\n";
  const KeyRing other = *KeyRing::Parse(text, "test");

  EXPECT_THAT(Envelope(other).CheckTenantKey("tnt_a", tenant_key_),
              StatusIs(absl::StatusCode::kFailedPrecondition, "root_key_wrong"));
}

}  // namespace
}  // namespace latchkey::secret
