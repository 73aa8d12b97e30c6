#include "sandbox/scenario/stage.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox {
namespace {

constexpr auto kConnect = Fault::Moment::kConnect;

TEST(StageTest, AFaultHappensAfterItsChancesAndOnlySoOften) {
  Scenario scenario;
  scenario.faults = {{.provider = Provider::kDeepgram, .status = 429, .after = 1, .times = 2}};
  Stage stage(scenario);

  EXPECT_FALSE(stage.NextFault(Provider::kDeepgram, kConnect));
  EXPECT_EQ(stage.NextFault(Provider::kDeepgram, kConnect)->status, 429);
  EXPECT_TRUE(stage.NextFault(Provider::kDeepgram, kConnect));
  EXPECT_FALSE(stage.NextFault(Provider::kDeepgram, kConnect));
}

TEST(StageTest, AFaultIsOneProvidersAtOneMoment) {
  Stage stage(Scenario{});
  stage.AddFault(
      {.provider = Provider::kCartesia, .moment = Fault::Moment::kMidStream, .times = 0});

  EXPECT_FALSE(stage.NextFault(Provider::kCartesia, kConnect));
  EXPECT_FALSE(stage.NextFault(Provider::kAnthropic, Fault::Moment::kMidStream));
  EXPECT_TRUE(stage.NextFault(Provider::kCartesia, Fault::Moment::kMidStream));
  EXPECT_TRUE(stage.NextFault(Provider::kCartesia, Fault::Moment::kMidStream));
}

TEST(StageTest, LatenciesStayWithinTheirJitterAndRepeatWithTheSeed) {
  Scenario scenario;
  scenario.seed = 5;
  Stage one(scenario), other(scenario);
  const Latency latency = {absl::Milliseconds(100), absl::Milliseconds(30)};

  for (int i = 0; i < 100; ++i) {
    const absl::Duration drawn = one.Draw(latency);
    EXPECT_GE(drawn, absl::Milliseconds(70));
    EXPECT_LE(drawn, absl::Milliseconds(130));
    EXPECT_EQ(drawn, other.Draw(latency));
  }
}

TEST(StageTest, AKeyIsJudgedByTheListAndUnknownOnesAreRefused) {
  Scenario scenario;
  scenario.keys[Provider::kAnthropic] = {{.key = "good"},
                                         {.key = "poor", .status = 402, .code = "c"}};
  const Stage stage(scenario);

  EXPECT_EQ(stage.Judge(Provider::kAnthropic, "good").status, 200);
  EXPECT_EQ(stage.Judge(Provider::kAnthropic, "poor").status, 402);
  EXPECT_EQ(stage.Judge(Provider::kAnthropic, "other").status, 401);
  EXPECT_EQ(stage.Judge(Provider::kDeepgram, "good").status, 401);
}

TEST(StageTest, AnotherScenarioLeavesTheOldOneToWhoHoldsIt) {
  Stage stage(Scenario{.name = "old"});
  const std::shared_ptr<const Scenario> old = stage.scenario();

  stage.Play(Scenario{.name = "new"});

  EXPECT_EQ(old->name, "old");
  EXPECT_EQ(stage.scenario()->name, "new");
}

TEST(StageTest, TheJournalIsBounded) {
  Stage stage(Scenario{});
  for (size_t i = 0; i < Stage::kJournalMax + 5; ++i) stage.Note(Provider::kDeepgram, "{}");
  stage.Note(Provider::kAnthropic, R"({"last":true})");

  const std::string journal = stage.JournalJson();
  EXPECT_THAT(journal, ::testing::EndsWith(R"({"provider":"anthropic","entry":{"last":true}}])"));
  EXPECT_EQ(static_cast<size_t>(std::count(journal.begin(), journal.end(), '\n')),
            Stage::kJournalMax - 1);
}

}  // namespace
}  // namespace latchkey::sandbox
