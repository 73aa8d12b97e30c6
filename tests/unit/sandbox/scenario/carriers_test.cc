// The carriers' parts of a scenario: their accounts, and how odd they are.
#include <gmock/gmock.h>

#include "sandbox/scenario/scenario.h"
#include "tests/support/status_matchers.h"

namespace latchkey::sandbox {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(CarrierScenarioTest, AnExotelAccountHasARegionAndFlows) {
  const absl::StatusOr<Scenario> scenario = ParseScenario(R"({
    "exotel": {"sid": "acme1", "region": "in", "numbers": ["+918047491899"], "kyc": false,
               "flows": [{"app_id": "926", "voicebot": "wss://a.example/s"}]}})");

  ASSERT_THAT(scenario, IsOk());
  EXPECT_EQ(scenario->exotel.region, "in");
  EXPECT_FALSE(scenario->exotel.kyc);
  ASSERT_EQ(scenario->exotel.flows.size(), 1u);
  EXPECT_EQ(scenario->exotel.flows[0].voicebot, "wss://a.example/s");
}

TEST(CarrierScenarioTest, QuirksAreRead) {
  const absl::StatusOr<Scenario> scenario = ParseScenario(R"({"quirks": {
    "twilio": {"chunk_bytes": [37, 411], "callback_delays_ms": {"answered": 900},
               "callback_copies": 2, "lost_answers": 1},
    "exotel": {"key_case": "mixed", "numbers": "number", "sample_rate": "8kHz",
               "chunk_ms": 80}}})");

  ASSERT_THAT(scenario, IsOk());
  const TwilioQuirks& twilio = scenario->quirks.twilio;
  EXPECT_THAT(twilio.chunk_bytes, ElementsAre(37, 411));
  EXPECT_EQ(twilio.CallbackDelay("answered"), absl::Milliseconds(900));
  EXPECT_EQ(twilio.CallbackDelay("ringing"), absl::ZeroDuration());
  EXPECT_EQ(twilio.callback_copies, 2);
  const ExotelQuirks& exotel = scenario->quirks.exotel;
  EXPECT_EQ(exotel.key_case, ExotelQuirks::Case::kMixed);
  EXPECT_EQ(exotel.numbers, ExotelQuirks::Numbers::kNumber);
  EXPECT_EQ(exotel.chunk, absl::Milliseconds(80));
}

TEST(CarrierScenarioTest, WhatIsWrongIsToldWithItsPlace) {
  struct Case {
    const char* text;
    const char* place;
  };
  for (const Case& wrong :
       {Case{R"({"exotel": {"region": "us"}})", "exotel.region"},
        Case{R"({"quirks": {"twilio": {"chunk_bytes": [0]}}})", "quirks.twilio.chunk_bytes"},
        Case{R"({"quirks": {"twilio": {"callback_copies": 0}}})", "quirks.twilio.callback_copies"},
        Case{R"({"quirks": {"twilio": {"callback_delays_ms": {"busy": 1}}}})",
             "callback_delays_ms"},
        Case{R"({"quirks": {"exotel": {"chunk_ms": 5}}})", "quirks.exotel.chunk_ms"},
        Case{R"({"quirks": {"exotel": {"key_case": "kebab"}}})", "quirks.exotel.key_case"}}) {
    const absl::StatusOr<Scenario> scenario = ParseScenario(wrong.text);
    ASSERT_FALSE(scenario.ok()) << wrong.text;
    EXPECT_THAT(std::string(scenario.status().message()), HasSubstr(wrong.place));
  }
}

}  // namespace
}  // namespace latchkey::sandbox
