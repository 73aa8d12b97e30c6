#include "services/media/domain/refusal.h"

#include <gtest/gtest.h>

#include "services/media/domain/lines.h"

namespace latchkey::media {
namespace {

TEST(RefusalTest, EveryReasonOfDialersHasASentenceThatFits) {
  EXPECT_EQ(RefusalSentence("number_not_found"), lines::kNotInService);
  for (const std::string_view reason :
       {"onboarding_incomplete", "key_missing", "key_invalid", "no_number", "rate_missing"}) {
    EXPECT_EQ(RefusalSentence(reason), lines::kNotReady) << reason;
  }
  EXPECT_EQ(RefusalSentence("key_exhausted"), lines::kNotNow);
  EXPECT_EQ(RefusalSentence("tenant_concurrency"), lines::kLinesBusy);
  EXPECT_EQ(RefusalSentence("fleet_full"), lines::kAllBusy);
}

TEST(RefusalTest, WhatSaysNothingToACallerIsAnApology) {
  EXPECT_EQ(RefusalSentence("media_lost"), lines::kApology);
  EXPECT_EQ(RefusalSentence(""), lines::kApology);
}

TEST(RefusalTest, NobodyIsToldThatACallIsOver) { EXPECT_EQ(RefusalSentence("call_over"), ""); }

}  // namespace
}  // namespace latchkey::media
