#include "services/keyvault/domain/key_health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace latchkey::keyvault {
namespace {

using Kind = ProbeOutcome::Kind;
using enum KeyStatus;
using enum Answer;

constexpr absl::Duration kInterval = absl::Hours(24);
constexpr KeyStatus kAllStatuses[] = {kValid, kInvalid, kDegraded, kExhausted, kUnreachable};

class KeyHealthTest : public testing::Test {
 protected:
  // A key that has had this status for an hour, and had its last trouble then.
  KeyHealth With(KeyStatus status) const {
    KeyHealth health;
    health.status = status;
    health.since = now_ - absl::Hours(1);
    health.reason = status == kValid ? "" : "before";
    health.trouble_time = now_ - absl::Hours(1);
    health.call_ceiling = 100;
    health.ceiling_time = now_ - absl::Hours(1);
    health.check_time = now_ + absl::Hours(12);
    return health;
  }

  KeyHealth After(const KeyHealth& before, std::vector<SeenAnswer> answers) const {
    return rule_.AfterAnswers(before, answers, now_);
  }
  KeyHealth After(KeyStatus before, Answer answer, int count = 1) const {
    return After(With(before), {{answer, count}});
  }
  KeyHealth AfterProbe(KeyStatus before, Kind kind, const std::string& reason = "") const {
    return rule_.AfterProbe(With(before), ProbeOutcome{kind, reason, {40, true, "", ""}}, 0.5,
                            now_);
  }
  bool ProbedAtOnce(const KeyHealth& health) const { return health.check_time == now_; }

  const absl::Time now_ = absl::FromUnixSeconds(1'790'000'000);
  const HealthRule rule_{kInterval};
};

struct Cell {
  Cell(KeyStatus becomes, bool at_once = false) : status(becomes), probed_at_once(at_once) {}

  KeyStatus status;
  bool probed_at_once;
};

// What a single report of this answer makes of each status.
const std::map<Answer, std::map<KeyStatus, Cell>> kOnce = {
    {kWorked,
     {{kValid, {kValid}},
      {kDegraded, {kValid}},
      {kUnreachable, {kValid}},
      {kExhausted, {kExhausted, true}},
      {kInvalid, {kInvalid, true}}}},
    {kKeyRefused,
     {{kValid, {kValid, true}},
      {kDegraded, {kDegraded, true}},
      {kUnreachable, {kUnreachable, true}},
      {kExhausted, {kExhausted, true}},
      {kInvalid, {kInvalid}}}},
    {kNoCredit,
     {{kValid, {kExhausted}},
      {kDegraded, {kExhausted}},
      {kUnreachable, {kExhausted}},
      {kExhausted, {kExhausted}},
      {kInvalid, {kInvalid, true}}}},
    {kRateLimited,
     {{kValid, {kValid}},
      {kDegraded, {kDegraded}},
      {kUnreachable, {kUnreachable}},
      {kExhausted, {kExhausted}},
      {kInvalid, {kInvalid}}}},
    {kFailed,
     {{kValid, {kValid}},
      {kDegraded, {kDegraded}},
      {kUnreachable, {kUnreachable}},
      {kExhausted, {kExhausted}},
      {kInvalid, {kInvalid}}}},
    {kNone,
     {{kValid, {kValid}},
      {kDegraded, {kDegraded}},
      {kUnreachable, {kUnreachable}},
      {kExhausted, {kExhausted}},
      {kInvalid, {kInvalid}}}},
};

TEST_F(KeyHealthTest, EveryAnswerDoesToEveryStatusWhatTheTableSays) {
  for (const auto& [answer, row] : kOnce) {
    ASSERT_EQ(row.size(), std::size(kAllStatuses));
    for (const auto& [before, expected] : row) {
      SCOPED_TRACE(testing::Message() << static_cast<int>(answer) << " on " << Word(before));
      const KeyHealth after = After(before, answer);

      EXPECT_EQ(after.status, expected.status);
      EXPECT_EQ(ProbedAtOnce(after), expected.probed_at_once);
      const bool changed = after.status != before;
      EXPECT_EQ(after.since, changed ? now_ : now_ - absl::Hours(1));
    }
  }
}

TEST_F(KeyHealthTest, NothingThatCallsSeeMakesAKeyInvalid) {
  for (const KeyStatus before : kAllStatuses) {
    if (before == kInvalid) continue;
    for (const Answer answer : {kWorked, kKeyRefused, kNoCredit, kRateLimited, kFailed, kNone}) {
      EXPECT_NE(After(before, answer, 1'000).status, kInvalid);
    }
  }
}

TEST_F(KeyHealthTest, TroublesThatComeTogetherDegradeAKey) {
  const std::map<Answer, std::pair<KeyStatus, std::string_view>> expected = {
      {kRateLimited, {kDegraded, kWhyRateLimited}},
      {kFailed, {kDegraded, kWhyProviderError}},
      {kNone, {kUnreachable, kWhyNoAnswer}}};
  for (const auto& [answer, becomes] : expected) {
    for (const KeyStatus before : {kValid, kDegraded, kUnreachable}) {
      const KeyHealth after = After(before, answer, HealthRule::kTroublesToDegrade);
      EXPECT_EQ(after.status, becomes.first);
      EXPECT_EQ(after.reason, becomes.second);
    }
    for (const KeyStatus before : {kExhausted, kInvalid}) {
      EXPECT_EQ(After(before, answer, 1'000), With(before));
    }
  }
}

TEST_F(KeyHealthTest, TroublesFarApartDoNotAddUp) {
  KeyHealth health = With(kValid);
  for (int i = 0; i < 10; ++i) {
    health = rule_.AfterAnswers(health, std::vector<SeenAnswer>{{kFailed, 2}},
                                now_ + i * HealthRule::kTroubleWindow);
    EXPECT_EQ(health.status, kValid);
  }
}

TEST_F(KeyHealthTest, AFewTroublesAmongManyAnswersAreNone) {
  EXPECT_EQ(After(With(kValid), {{kFailed, 2}, {kWorked, 100}, {kFailed, 2}}).status, kValid);
}

TEST_F(KeyHealthTest, ADegradedKeyIsValidAgainOnlyAfterAQuietTime) {
  KeyHealth health = With(kDegraded);
  health.trouble_time = now_ - HealthRule::kTroubleWindow + absl::Seconds(1);
  EXPECT_EQ(After(health, {{kWorked, 5}}).status, kDegraded);

  health.trouble_time = now_ - HealthRule::kTroubleWindow;
  const KeyHealth after = After(health, {{kWorked, 1}});

  EXPECT_EQ(after.status, kValid);
  EXPECT_EQ(after.reason, "");
  EXPECT_EQ(after.since, now_);
}

TEST_F(KeyHealthTest, TheOrderOfAnswersCounts) {
  EXPECT_EQ(After(With(kValid), {{kWorked, 9}, {kNoCredit, 1}}).status, kExhausted);
  const KeyHealth topped_up = After(With(kValid), {{kNoCredit, 1}, {kWorked, 9}});
  EXPECT_EQ(topped_up.status, kExhausted);
  EXPECT_TRUE(ProbedAtOnce(topped_up));
}

TEST_F(KeyHealthTest, CallsAskForOneProbeInFiveMinutesAndNoMore) {
  KeyHealth health = After(kValid, kKeyRefused);
  ASSERT_TRUE(ProbedAtOnce(health));
  // The probe has been made, and passed.
  health.check_time = now_ + kInterval;

  const std::vector<SeenAnswer> refused = {{kKeyRefused, 1}};
  const KeyHealth soon = rule_.AfterAnswers(health, refused, now_ + absl::Seconds(1));
  const KeyHealth again = rule_.AfterAnswers(soon, refused, now_ + absl::Seconds(2));

  EXPECT_EQ(soon.check_time, now_ + HealthRule::kAskPause);
  EXPECT_EQ(again, soon);
}

TEST_F(KeyHealthTest, ATroubledKeyIsProbedSooner) {
  EXPECT_EQ(After(kValid, kNoCredit).check_time, now_ + kInterval / 24);
  EXPECT_EQ(After(kValid, kNone, 3).check_time, now_ + kInterval / 24);
  KeyHealth due = With(kValid);
  due.check_time = now_ + absl::Minutes(1);
  EXPECT_EQ(After(due, {{kNoCredit, 1}}).check_time, now_ + absl::Minutes(1));
  due.check_time = std::nullopt;
  EXPECT_EQ(After(due, {{kNoCredit, 1}}).check_time, now_ + kInterval / 24);
}

TEST_F(KeyHealthTest, AProbesVerdictDecidesWhateverWasBefore) {
  for (const KeyStatus before : kAllStatuses) {
    EXPECT_EQ(AfterProbe(before, Kind::kPassed).status, kValid);
    EXPECT_EQ(AfterProbe(before, Kind::kPassed).reason, "");
    EXPECT_EQ(AfterProbe(before, Kind::kRejected, "invalid_key").status, kInvalid);
    EXPECT_EQ(AfterProbe(before, Kind::kRejected, "invalid_key").reason, "invalid_key");
    EXPECT_EQ(AfterProbe(before, Kind::kNoCredit).status, kExhausted);
  }
}

TEST_F(KeyHealthTest, AProbeWithoutAVerdictBarsNoKeyAndFreesNone) {
  for (const KeyStatus before : {kExhausted, kInvalid}) {
    EXPECT_EQ(AfterProbe(before, Kind::kRateLimited).status, before);
    EXPECT_EQ(AfterProbe(before, Kind::kNoAnswer).status, before);
    EXPECT_EQ(AfterProbe(before, Kind::kNoAnswer).reason, "before");
  }
  for (const KeyStatus before : {kValid, kDegraded, kUnreachable}) {
    EXPECT_EQ(AfterProbe(before, Kind::kRateLimited).status, kDegraded);
    EXPECT_EQ(AfterProbe(before, Kind::kNoAnswer).status, kUnreachable);
  }
}

TEST_F(KeyHealthTest, AProbeThatPassesTellsTheAccountsFactsAndForgetsTroubles) {
  KeyHealth before = With(kDegraded);
  before.troubles = 7;

  const KeyHealth after =
      rule_.AfterProbe(before, ProbeOutcome{Kind::kPassed, "", {40, true, "", ""}}, 0.5, now_);

  EXPECT_EQ(after.troubles, 0);
  EXPECT_EQ(after.call_ceiling, 40);
  EXPECT_TRUE(after.trial);
  EXPECT_EQ(after.validate_time, now_);
}

TEST_F(KeyHealthTest, TheNextProbeComesAboutAnIntervalLater) {
  const KeyHealth before = With(kValid);
  const ProbeOutcome passed{Kind::kPassed, "", {}};
  EXPECT_EQ(rule_.AfterProbe(before, passed, 0, now_).check_time, now_ + absl::Hours(18));
  EXPECT_EQ(rule_.AfterProbe(before, passed, 0.5, now_).check_time, now_ + absl::Hours(24));
  EXPECT_EQ(rule_.AfterProbe(before, passed, 1, now_).check_time, now_ + absl::Hours(30));
  EXPECT_EQ(AfterProbe(kValid, Kind::kRejected, "x").check_time, now_ + absl::Hours(24));
  EXPECT_EQ(AfterProbe(kValid, Kind::kNoAnswer).check_time, now_ + absl::Hours(1));
  EXPECT_EQ(AfterProbe(kValid, Kind::kNoCredit).check_time, now_ + absl::Hours(1));
}

TEST_F(KeyHealthTest, ALowerCeilingCountsAtOnceAndAHigherOneByAQuarterAMinute) {
  const KeyHealth before = With(kValid);  // 100 calls.
  EXPECT_EQ(rule_.AfterCeiling(before, 20, now_).call_ceiling, 20);

  KeyHealth rising = rule_.AfterCeiling(before, 500, now_);
  EXPECT_EQ(rising.call_ceiling, 125);
  EXPECT_EQ(rule_.AfterCeiling(rising, 500, now_ + absl::Seconds(59)).call_ceiling, 125);
  rising = rule_.AfterCeiling(rising, 500, now_ + absl::Minutes(1));
  EXPECT_EQ(rising.call_ceiling, 156);
  EXPECT_EQ(rule_.AfterCeiling(rising, 175, now_ + absl::Minutes(2)).call_ceiling, 175);
}

TEST_F(KeyHealthTest, ACeilingThatHardlyMovesIsTheSame) {
  const KeyHealth before = With(kValid);
  for (const int told : {0, -5, 90, 100, 110}) {
    EXPECT_EQ(rule_.AfterCeiling(before, told, now_), before) << told;
  }
}

TEST_F(KeyHealthTest, ACeilingIsNeverAbsurd) {
  KeyHealth none = With(kValid);
  none.call_ceiling = 0;
  EXPECT_EQ(rule_.AfterCeiling(none, 2'000'000'000, now_).call_ceiling, HealthRule::kCeilingMax);
  KeyHealth low = With(kValid);
  low.call_ceiling = 1;
  EXPECT_EQ(rule_.AfterCeiling(low, 2, now_).call_ceiling, 2);
}

TEST_F(KeyHealthTest, EveryStatusHasAWordAndASentenceWithTheProvidersName) {
  for (const KeyStatus status : kAllStatuses) {
    EXPECT_FALSE(Word(status).empty());
    EXPECT_THAT(HealthMessage(Provider::kAnthropic, With(status)), testing::HasSubstr("Anthropic"));
  }
}

}  // namespace
}  // namespace latchkey::keyvault
