#include "sandbox/carrier/twilio/request_signature.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox::twilio {
namespace {

// The vectors of Twilio's own libraries (twilio-python, tests/unit/test_request_validator.py).
constexpr char kToken[] = "12345";
constexpr char kUrl[] = "https://mycompany.com/myapp.php?foo=1&bar=2";

TEST(RequestSignatureTest, SignsAFormAsTwilioDoes) {
  const http::Form form = {{"Digits", "1234"},
                           {"CallSid", "CA1234567890ABCDE"},
                           {"To", "+18005551212"},
                           {"Caller", "+14158675309"},
                           {"From", "+14158675309"}};

  EXPECT_EQ(RequestSignature(kToken, kUrl, form), "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
}

TEST(RequestSignatureTest, ARepeatedNameIsSignedWithItsValuesSortedAndEachOnce) {
  const http::Form form = {{"Sid", "CA123"},
                           {"SidAccount", "AC123"},
                           {"Digits", "5678"},
                           {"Digits", "1234"},
                           {"Digits", "1234"}};

  EXPECT_EQ(RequestSignature(kToken, kUrl, form), "IK+Dwps556ElfBT0I3Rgjkr1wJU=");
}

TEST(RequestSignatureTest, AHandshakeIsSignedByItsUrlAlone) {
  EXPECT_EQ(RequestSignature(kToken, "wss://mycompany.com/media/abc123"),
            "9NaXRkNnXhIaZqtDCja8glcCAeY=");
}

TEST(RequestSignatureTest, TheFragmentIsNotSigned) {
  EXPECT_EQ(RequestSignature(kToken, "wss://mycompany.com/media/abc123#rc=3"),
            RequestSignature(kToken, "wss://mycompany.com/media/abc123"));
}

}  // namespace
}  // namespace latchkey::sandbox::twilio
