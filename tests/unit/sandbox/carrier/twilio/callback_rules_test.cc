#include "sandbox/carrier/twilio/callback_rules.h"

#include <gtest/gtest.h>

namespace latchkey::sandbox::twilio {
namespace {

TEST(CallbackRulesTest, WithoutAFragmentOnlyALostConnectionIsRepeatedOnce) {
  const CallbackRules rules = CallbackRules::Parse("https://a.example/cb");

  EXPECT_EQ(rules.retries, 1);
  EXPECT_EQ(rules.total, absl::Seconds(15));
  EXPECT_TRUE(rules.Repeats(0, false));
  EXPECT_FALSE(rules.Repeats(0, true));
  EXPECT_FALSE(rules.Repeats(500, true));
  EXPECT_FALSE(rules.Repeats(204, true));
}

TEST(CallbackRulesTest, AFragmentAsksForMore) {
  const CallbackRules rules =
      CallbackRules::Parse("https://a.example/cb#ct=2000&rt=5000&tt=10000&rc=3&rp=5xx,rt");

  EXPECT_EQ(rules.connect, absl::Seconds(2));
  EXPECT_EQ(rules.read, absl::Seconds(5));
  EXPECT_EQ(rules.total, absl::Seconds(10));
  EXPECT_EQ(rules.retries, 3);
  EXPECT_TRUE(rules.Repeats(503, true));
  EXPECT_TRUE(rules.Repeats(0, true));
  EXPECT_FALSE(rules.Repeats(0, false));
  EXPECT_FALSE(rules.Repeats(404, true));
  EXPECT_TRUE(CallbackRules::Parse("https://a.example/#rp=all").Repeats(404, true));
}

TEST(CallbackRulesTest, WhatIsOutOfItsRangeHasTheDefault) {
  const CallbackRules rules = CallbackRules::Parse("https://a.example/cb#rc=9&tt=90000&ct=x");

  EXPECT_EQ(rules.retries, 1);
  EXPECT_EQ(rules.total, absl::Seconds(15));
  EXPECT_EQ(rules.connect, absl::Seconds(5));
}

}  // namespace
}  // namespace latchkey::sandbox::twilio
