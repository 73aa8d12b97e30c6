#include "lib/pg/listener.h"

#include "lib/base/deadline.h"
#include "tests/integration/pg/pg_test.h"

namespace latchkey::pg {
namespace {

class ListenerTest : public PgTest {
 protected:
  ListenerTest()
      : listener_(io_.get_executor(), database_.service, "sample_news", [this] { ++told_; }) {
    group_.Spawn("listen", listener_.Run());
  }
  ~ListenerTest() override {
    group_.Cancel();
    Await(io_, group_.Join());
  }

  // True when it was told of something `times` times within five seconds.
  bool ToldTimes(int times) {
    const absl::Time end = absl::Now() + absl::Seconds(5);
    while (told_ < times && absl::Now() < end) {
      io_.restart();
      io_.run_one_for(std::chrono::milliseconds(50));
    }
    return told_ >= times;
  }

  void Notify(const std::string& channel) {
    cluster_.Run(database_.superuser, "SELECT pg_notify('" + channel + "', '')");
  }

  int told_ = 0;
  Listener listener_;
  Group group_{io_.get_executor()};
};

TEST_F(ListenerTest, LooksOnceWhenItStandsAndThenAtEveryWord) {
  ASSERT_TRUE(ToldTimes(1));
  Notify("sample_news");
  ASSERT_TRUE(ToldTimes(2));
  Notify("sample_news");
  EXPECT_TRUE(ToldTimes(3));
}

TEST_F(ListenerTest, HearsOnlyItsOwnChannel) {
  ASSERT_TRUE(ToldTimes(1));
  Notify("other_news");
  Notify("sample_news");

  ASSERT_TRUE(ToldTimes(2));
  EXPECT_EQ(told_, 2);
}

TEST_F(ListenerTest, LooksAgainWhenTheConnectionWasLost) {
  ASSERT_TRUE(ToldTimes(1));

  CutConnections();

  ASSERT_TRUE(ToldTimes(2));
  Notify("sample_news");
  EXPECT_TRUE(ToldTimes(3));
}

}  // namespace
}  // namespace latchkey::pg
