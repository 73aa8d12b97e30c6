#include "sandbox/callee/murmuring.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox {
namespace {

int Murmurs(Murmuring& murmuring, absl::Duration time, bool agent, bool speaking = false) {
  int count = 0;
  for (absl::Duration at; at < time; at += absl::Milliseconds(20)) {
    count += murmuring.OnFrame(agent, speaking) ? 1 : 0;
  }
  return count;
}

TEST(MurmuringTest, ComesAfterEachStretchOfTheAgentsSpeech) {
  Murmuring murmuring(absl::Seconds(2));

  EXPECT_EQ(Murmurs(murmuring, absl::Milliseconds(1980), true), 0);
  EXPECT_EQ(Murmurs(murmuring, absl::Milliseconds(40), true), 1);
  EXPECT_EQ(Murmurs(murmuring, absl::Seconds(4), true), 2);
}

TEST(MurmuringTest, ABreathIsPartOfTheSpeechAndAPauseIsNot) {
  Murmuring murmuring(absl::Seconds(2));

  Murmurs(murmuring, absl::Seconds(1), true);
  EXPECT_EQ(Murmurs(murmuring, absl::Milliseconds(600), false), 0);
  EXPECT_EQ(Murmurs(murmuring, absl::Milliseconds(500), true), 1);

  Murmurs(murmuring, absl::Milliseconds(1900), true);
  EXPECT_EQ(Murmurs(murmuring, absl::Seconds(1), false), 0);
  EXPECT_EQ(Murmurs(murmuring, absl::Milliseconds(1900), true), 0);
}

TEST(MurmuringTest, WhoSpeaksDoesNotMurmur) {
  Murmuring murmuring(absl::Seconds(1));

  EXPECT_EQ(Murmurs(murmuring, absl::Seconds(5), true, true), 0);
}

}  // namespace
}  // namespace latchkey::sandbox
