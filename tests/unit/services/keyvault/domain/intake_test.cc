#include "services/keyvault/domain/intake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/keyvault/sample_keys.h"
#include "tests/support/status_matchers.h"

namespace latchkey::keyvault {
namespace {

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

class IntakeTest : public testing::Test {
 protected:
  SealedCandidate Sealed(const KeySlot& slot, const std::map<std::string, std::string>& fields) {
    return SealCandidate(intake_.key_id(), intake_.public_key(), slot, fields);
  }

  secret::KeyRing ring_ = *secret::KeyRing::FromBase64(secret::GenerateRootKey(), "test");
  IntakeParser intake_{ring_};
  KeySlot anthropic_ = SlotOf("tnt_a", Provider::kAnthropic);
  KeySlot twilio_ = SlotOf("tnt_a", Provider::kTwilio);
  std::map<std::string, std::string> twilio_fields_ = {{"account_sid", std::string(kTwilioSid)},
                                                       {"auth_token", std::string(kTwilioToken)}};
};

TEST_F(IntakeTest, OpensAllFieldsAndMakesThePreview) {
  twilio_fields_["phone_number"] = "+14155550100";

  const absl::StatusOr<Candidate> candidate =
      intake_.Parse(twilio_, Sealed(twilio_, twilio_fields_));

  ASSERT_THAT(candidate, IsOk());
  EXPECT_EQ(candidate->fields.size(), 3u);
  EXPECT_TRUE(
      Secret::EqualInConstantTime(*candidate->fields.Find("auth_token"), Secret(kTwilioToken)));
  EXPECT_EQ(candidate->preview, "...1234");
  EXPECT_EQ(candidate->phone_number, "+14155550100");
}

TEST_F(IntakeTest, AnEmptyOptionalFieldIsAsGoodAsNone) {
  twilio_fields_["phone_number"] = "";

  const absl::StatusOr<Candidate> candidate =
      intake_.Parse(twilio_, Sealed(twilio_, twilio_fields_));

  ASSERT_THAT(candidate, IsOk());
  EXPECT_EQ(candidate->fields.Find("phone_number"), nullptr);
}

TEST_F(IntakeTest, RefusesAnotherIntakeKeyByItsName) {
  SealedCandidate sealed = Sealed(anthropic_, {{"api_key", std::string(kAnthropicKey)}});
  sealed.intake_key_id = "root-of-last-year";

  EXPECT_THAT(intake_.Parse(anthropic_, sealed),
              StatusIs(absl::StatusCode::kFailedPrecondition, "intake_key_unknown"));
}

TEST_F(IntakeTest, RefusesFieldsThatAreMissingUnknownOrDoubled) {
  SealedCandidate doubled = Sealed(twilio_, twilio_fields_);
  doubled.fields.push_back(doubled.fields.front());
  const SealedCandidate missing = Sealed(twilio_, {{"account_sid", std::string(kTwilioSid)}});
  std::map<std::string, std::string> more = twilio_fields_;
  more["api_key"] = "x";

  for (const SealedCandidate& sealed : {doubled, missing, Sealed(twilio_, more)}) {
    EXPECT_THAT(intake_.Parse(twilio_, sealed), StatusIs(kInvalid, "malformed_request"));
  }
}

TEST_F(IntakeTest, ACandidateForAnotherSlotDoesNotOpen) {
  const SealedCandidate sealed = Sealed(anthropic_, {{"api_key", std::string(kAnthropicKey)}});

  for (const KeySlot& slot :
       {SlotOf("tnt_b", Provider::kAnthropic), SlotOf("tnt_a", Provider::kOpenai),
        SlotOf("tnt_a", Provider::kAnthropic, "num_1")}) {
    EXPECT_THAT(intake_.Parse(slot, sealed), StatusIs(kInvalid, "malformed_request"));
  }
}

TEST_F(IntakeTest, RefusesByFormWithoutShowingTheKey) {
  const absl::StatusOr<Candidate> candidate =
      intake_.Parse(anthropic_, Sealed(anthropic_, {{"api_key", "sk-ant-oat01-canary"}}));

  EXPECT_THAT(candidate, StatusIs(kInvalid, "byok_key_invalid"));
  EXPECT_EQ(Metadata(candidate.status())["reason"], "not_an_api_key");
  EXPECT_THAT(candidate.status().ToString(), testing::Not(testing::HasSubstr("canary")));
}

TEST_F(IntakeTest, PassesOdditiesOnAsWarnings) {
  const absl::StatusOr<Candidate> candidate =
      intake_.Parse(anthropic_, Sealed(anthropic_, {{"api_key", "sk-ant-of-a-new-form"}}));

  ASSERT_THAT(candidate, IsOk());
  EXPECT_THAT(candidate->warnings, testing::SizeIs(1));
}

}  // namespace
}  // namespace latchkey::keyvault
