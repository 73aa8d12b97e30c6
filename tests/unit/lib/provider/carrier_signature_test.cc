#include "lib/provider/carrier_signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/secret/mac.h"

namespace latchkey::provider {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

const std::string kUrl = "https://mycompany.com/myapp.php?foo=1&bar=2";

std::vector<std::string> Signatures(std::string_view url, const FormParameters& parameters) {
  std::vector<std::string> signatures;
  for (const std::string& text : TwilioSignedTexts(url, parameters)) {
    signatures.push_back(secret::Base64(secret::Mac::HmacSha1(Secret("12345"), text)));
  }
  return signatures;
}

// The vectors of Twilio's own libraries.
class CarrierSignatureTest : public testing::Test {
 protected:
  FormParameters parameters_ = {{"To", "+18005551212"},
                                {"CallSid", "CA1234567890ABCDE"},
                                {"Caller", "+14158675309"},
                                {"From", "+14158675309"},
                                {"Digits", "1234"}};
};

TEST_F(CarrierSignatureTest, AFormIsSignedWithItsSortedParameters) {
  EXPECT_THAT(Signatures(kUrl, parameters_), Contains("RSOYDt4T1cUTdK1PDd93/VVr8B8="));
}

TEST_F(CarrierSignatureTest, TheUrlMayBeSignedWithOrWithoutItsPort) {
  const std::string with_port = "https://mycompany.com:443/myapp.php?foo=1&bar=2";

  for (const std::string& url : {kUrl, with_port}) {
    EXPECT_THAT(Signatures(url, parameters_),
                ElementsAre("RSOYDt4T1cUTdK1PDd93/VVr8B8=", "kvajT1Ptam85bY51eRf/AJRuM3w="));
  }
}

TEST_F(CarrierSignatureTest, ARepeatedParameterGivesItsDistinctValuesSorted) {
  const FormParameters repeated = {{"Sid", "CA123"},
                                   {"SidAccount", "AC123"},
                                   {"Digits", "5678"},
                                   {"Digits", "1234"},
                                   {"Digits", "1234"}};

  EXPECT_THAT(Signatures(kUrl, repeated), Contains("IK+Dwps556ElfBT0I3Rgjkr1wJU="));
}

TEST_F(CarrierSignatureTest, AUrlAloneIsSignedAsItStands) {
  const std::string url =
      kUrl + "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";

  EXPECT_THAT(Signatures(url, {}), Contains("a9nBmqA0ju/hNViExpshrM61xv4="));
  EXPECT_THAT(Signatures("wss://mycompany.com/media/abc123", {}),
              Contains("9NaXRkNnXhIaZqtDCja8glcCAeY="));
}

TEST_F(CarrierSignatureTest, AnyChangeGivesOtherTexts) {
  FormParameters changed = parameters_;
  changed[0].second = "+18005551213";
  FormParameters added = parameters_;
  added.emplace_back("Extra", "");

  for (const FormParameters& other : {changed, added, FormParameters{}}) {
    EXPECT_THAT(Signatures(kUrl, other), Not(Contains("RSOYDt4T1cUTdK1PDd93/VVr8B8=")));
  }
  EXPECT_THAT(Signatures(kUrl + "&x", parameters_), Not(Contains("RSOYDt4T1cUTdK1PDd93/VVr8B8=")));
}

TEST_F(CarrierSignatureTest, AFragmentIsNotSigned) {
  EXPECT_EQ(TwilioSignedTexts(kUrl + "#ct=2000", {}), TwilioSignedTexts(kUrl, {}));
}

TEST_F(CarrierSignatureTest, AnUnusualPortIsKeptAndLeftOut) {
  EXPECT_THAT(TwilioSignedTexts("https://h:8443/a", {}),
              ElementsAre("https://h/a", "https://h:8443/a"));
  EXPECT_THAT(TwilioSignedTexts("wss://h", {}), ElementsAre("wss://h", "wss://h:80"));
  EXPECT_THAT(TwilioSignedTexts("https://[::1]/a", {}),
              ElementsAre("https://[::1]/a", "https://[::1]:443/a"));
}

}  // namespace
}  // namespace latchkey::provider
