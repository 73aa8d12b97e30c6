#include "services/keyvault/domain/carrier_verifier.h"

#include <gtest/gtest.h>

#include "tests/support/await.h"
#include "tests/support/keyvault/fake_key_store.h"
#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

// Twilio's own vector; its token is "12345".
class CarrierVerifierTest : public testing::Test {
 protected:
  CarrierVerifierTest() {
    const std::string tenant_key =
        *Await(store_.EnsureTenantKey(slot_.tenant, envelope_.MakeTenantKey("tnt_a")));
    secret::KeyFields fields;
    fields.Put("account_sid", Secret(kTwilioSid));
    fields.Put("auth_token", Secret("12345"));
    const KeyInfo info = InfoOf(slot_, "key_1", 1);
    const NewVersion version(info, *envelope_.Seal(tenant_key, AddressOf(info), fields), "r1");
    EXPECT_THAT(Await(store_.Save(version, Actor("spiffe://latchkey/gateway"))), IsOk());
  }

  absl::StatusOr<bool> Verify(const KeySlot& slot, const std::string& signature,
                              const std::string& digits = "1234") {
    const CarrierRequest request("https://mycompany.com/myapp.php?foo=1&bar=2",
                                 {{"CallSid", "CA1234567890ABCDE"},
                                  {"Caller", "+14158675309"},
                                  {"Digits", digits},
                                  {"From", "+14158675309"},
                                  {"To", "+18005551212"}},
                                 signature);
    return Await(verifier_.Verify(slot, request));
  }

  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  secret::Envelope envelope_{ring_};
  FakeKeyStore store_;
  CarrierVerifier verifier_{envelope_, store_};
  KeySlot slot_ = SlotOf("tnt_a", Provider::kTwilio);
};

TEST_F(CarrierVerifierTest, KnowsWhatTheAccountSigned) {
  EXPECT_THAT(Verify(slot_, "RSOYDt4T1cUTdK1PDd93/VVr8B8="), IsOkAndHolds(true));
  EXPECT_THAT(Verify(slot_, "kvajT1Ptam85bY51eRf/AJRuM3w="), IsOkAndHolds(true));  // With :443.
}

TEST_F(CarrierVerifierTest, KnowsWhatItDidNotSign) {
  EXPECT_THAT(Verify(slot_, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", "1235"), IsOkAndHolds(false));
  EXPECT_THAT(Verify(slot_, "RSOYDt4T1cUTdK1PDd93/VVr8B9="), IsOkAndHolds(false));
  EXPECT_THAT(Verify(slot_, ""), IsOkAndHolds(false));
}

TEST_F(CarrierVerifierTest, NeedsTheKeyOfACarrierThatSigns) {
  EXPECT_THAT(Verify(SlotOf("tnt_b", Provider::kTwilio), "x"),
              StatusIs(absl::StatusCode::kNotFound, "key_not_found"));
  EXPECT_THAT(Verify(SlotOf("tnt_a", Provider::kExotel), "x"),
              StatusIs(absl::StatusCode::kInvalidArgument, "malformed_request"));
}

}  // namespace
}  // namespace latchkey::keyvault
