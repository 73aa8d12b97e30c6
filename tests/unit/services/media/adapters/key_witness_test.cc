#include "services/media/adapters/key_witness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "services/media/carriers/twilio_rest.h"
#include "services/media/domain/failure_policy.h"
#include "tests/support/simulated_clock.h"

namespace latchkey::media {
namespace {

namespace pb = keyvault::v1;

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

std::vector<std::pair<pb::ProviderAnswer, int>> AnswersOf(const pb::LeaseObservation& seen) {
  std::vector<std::pair<pb::ProviderAnswer, int>> answers;
  for (const pb::SeenAnswer& one : seen.answers()) answers.emplace_back(one.answer(), one.count());
  return answers;
}

absl::Status Llm(int http_status) {
  return ClassifyFailure(Party::kLanguageModel, http_status, "");
}

class KeyWitnessTest : public testing::Test {
 protected:
  KeyWitnessTest() {
    keys_.grants[Provider::kAnthropic] = {.lease_id = "lease_a", .version = 2};
    keys_.grants[Provider::kDeepgram] = {.lease_id = "lease_d", .version = 1};
  }

  LeasedKeys keys_{secret::BoxKeyPair::Make()};
  SimulatedClock clock_;
  std::vector<KeyLeases::Observations> reports_;
  KeyWitness witness_{keys_, clock_,
                      [this](KeyLeases::Observations seen) { reports_.push_back(seen); }};
};

TEST(AnswerOfTest, EveryAnswerOfAProviderIsWhatItSaysAboutTheKey) {
  const std::map<int, pb::ProviderAnswer> expected = {
      {401, pb::PROVIDER_ANSWER_KEY_REFUSED}, {403, pb::PROVIDER_ANSWER_KEY_REFUSED},
      {402, pb::PROVIDER_ANSWER_NO_CREDIT},   {429, pb::PROVIDER_ANSWER_RATE_LIMITED},
      {500, pb::PROVIDER_ANSWER_FAILED},      {529, pb::PROVIDER_ANSWER_FAILED},
      {504, pb::PROVIDER_ANSWER_NONE},        {0, pb::PROVIDER_ANSWER_NONE}};
  for (const Party party : {Party::kSpeechToText, Party::kLanguageModel, Party::kTextToSpeech}) {
    for (const auto& [status, answer] : expected) {
      EXPECT_EQ(AnswerOf(ClassifyFailure(party, status, "")), answer) << status;
    }
    EXPECT_EQ(AnswerOf(ClassifyFailure(party, 400, "")), std::nullopt);
  }
}

TEST(AnswerOfTest, TheCarriersAnswersAreTold) {
  EXPECT_EQ(AnswerOf(ClassifyTwilioRefusal(401, "{}", "+1")), pb::PROVIDER_ANSWER_KEY_REFUSED);
  EXPECT_EQ(AnswerOf(ClassifyTwilioRefusal(403, R"({"code":20005})", "+1")),
            pb::PROVIDER_ANSWER_KEY_REFUSED);
  EXPECT_EQ(AnswerOf(ClassifyTwilioRefusal(429, "{}", "+1")), pb::PROVIDER_ANSWER_RATE_LIMITED);
  EXPECT_EQ(AnswerOf(ClassifyTwilioRefusal(503, "{}", "+1")), pb::PROVIDER_ANSWER_NONE);
  EXPECT_EQ(AnswerOf(ClassifyTwilioRefusal(400, R"({"code":21211})", "+1")), std::nullopt);
  EXPECT_EQ(AnswerOf(absl::CancelledError("gone")), std::nullopt);
}

TEST_F(KeyWitnessTest, CountsEachAnswerInTheOrderOfItsLast) {
  witness_.Worked(Provider::kAnthropic);
  witness_.Failed(Provider::kAnthropic, Llm(500));
  witness_.Worked(Provider::kAnthropic);

  const KeyLeases::Observations seen = witness_.Take();

  ASSERT_THAT(seen, SizeIs(1));
  EXPECT_EQ(seen[0].lease_id(), "lease_a");
  EXPECT_EQ(seen[0].key_version(), 2);
  EXPECT_THAT(AnswersOf(seen[0]), ElementsAre(Pair(pb::PROVIDER_ANSWER_FAILED, 1),
                                              Pair(pb::PROVIDER_ANSWER_WORKED, 2)));
  EXPECT_THAT(witness_.Take(), IsEmpty());
}

TEST_F(KeyWitnessTest, WhatWorksIsHandedOnEveryHalfMinute) {
  witness_.Worked(Provider::kAnthropic);
  clock_.Advance(absl::Seconds(29));
  witness_.Worked(Provider::kDeepgram);
  EXPECT_THAT(reports_, IsEmpty());

  clock_.Advance(absl::Seconds(1));
  witness_.Worked(Provider::kDeepgram);

  ASSERT_THAT(reports_, SizeIs(1));
  EXPECT_THAT(reports_[0], SizeIs(2));
}

TEST_F(KeyWitnessTest, ARefusedKeyIsHandedOnSooner) {
  clock_.Advance(absl::Seconds(2));

  witness_.Failed(Provider::kAnthropic, Llm(401));

  ASSERT_THAT(reports_, SizeIs(1));
  EXPECT_THAT(AnswersOf(reports_[0][0]), ElementsAre(Pair(pb::PROVIDER_ANSWER_KEY_REFUSED, 1)));
}

TEST_F(KeyWitnessTest, NotesOfAVersionAreNotTakenForAnothers) {
  witness_.Failed(Provider::kAnthropic, Llm(401));
  keys_.grants[Provider::kAnthropic].version = 1;
  witness_.Worked(Provider::kAnthropic);

  ASSERT_THAT(reports_, SizeIs(1));
  EXPECT_EQ(reports_[0][0].key_version(), 2);
  EXPECT_EQ(witness_.Take()[0].key_version(), 1);
}

TEST_F(KeyWitnessTest, TellsWhatTheLimitsBear) {
  witness_.Told(Provider::kAnthropic, 17);

  EXPECT_EQ(witness_.Take()[0].call_ceiling(), 17);
}

TEST_F(KeyWitnessTest, AProviderThatTheCallHoldsNoKeyOfIsPassedOver) {
  witness_.Failed(Provider::kTwilio, Llm(401));
  witness_.Told(Provider::kCartesia, 1);

  EXPECT_THAT(witness_.Take(), IsEmpty());
}

}  // namespace
}  // namespace latchkey::media
