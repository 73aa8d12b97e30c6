#include "services/orchestrator/domain/call_log.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <optional>

#include "lib/base/spawn.h"
#include "tests/support/await.h"
#include "tests/support/orchestrator/fake_call_event_store.h"
#include "tests/support/orchestrator/samples.h"
#include "tests/support/simulated_clock.h"
#include "tests/support/status_matchers.h"

namespace latchkey::orchestrator {
namespace {

using Events = std::vector<StoredEvent>;

Task<void> KeepNext(CallWatch& watch, std::optional<absl::StatusOr<Events>>& next) {
  absl::StatusOr<Events> events = co_await watch.Next();
  next = std::move(events);
}

class CallLogTest : public ::testing::Test {
 protected:
  absl::Status Append(std::vector<CallEvent> events) {
    return Await(io_, log_.Append("media/m1", events));
  }

  CallEvent Event(int64_t sequence, decltype(CallEvent::what) what) {
    return SampleEvent(tenant_, "one", sequence, std::move(what));
  }

  void StartNext(CallWatch& watch) {
    next_.reset();
    Spawn(io_.get_executor(), "next", KeepNext(watch, next_));
    Settle();
  }

  void Settle() {
    io_.restart();
    io_.poll();
  }

  // Lets `time` pass in steps that wake the watch's polls.
  void Pass(absl::Duration time) {
    const absl::Time until = clock_.Now() + time;
    while (clock_.Now() < until) {
      clock_.Advance(absl::Milliseconds(100));
      Settle();
    }
  }

  const TenantId tenant_ = SampleTenantId("one");
  const CallId call_ = *CallId::Parse("call_one");
  boost::asio::io_context io_{1};
  SimulatedClock clock_;
  FakeCallEventStore events_;
  FakeRecordings recordings_;
  CallLog log_{events_, recordings_, clock_};
  std::optional<absl::StatusOr<Events>> next_;
};

TEST_F(CallLogTest, ReadsWhatWasSaidInTheOrderInWhichItBegan) {
  const Utterance question = Said(Speaker::kAgent, "When?", absl::Seconds(1));
  const Utterance answer = Said(Speaker::kCallee, "At nine.", absl::Seconds(3));
  ASSERT_THAT(Append({Event(1, answer), Event(2, question)}), IsOk());

  const absl::StatusOr<Transcript> transcript = Await(io_, log_.GetTranscript(tenant_, call_));

  ASSERT_THAT(transcript, IsOk());
  EXPECT_EQ(transcript->utterances, (std::vector<Utterance>{question, answer}));
  EXPECT_FALSE(transcript->recording.has_value());
}

TEST_F(CallLogTest, KeepsARepeatedBatchOnce) {
  const std::vector<CallEvent> batch = {Event(1, Said(Speaker::kAgent, "Hi", absl::Seconds(0)))};
  ASSERT_THAT(Append(batch), IsOk());
  ASSERT_THAT(Append(batch), IsOk());

  EXPECT_EQ(Await(io_, log_.GetTranscript(tenant_, call_))->utterances.size(), 1U);
}

TEST_F(CallLogTest, KeepsNothingOfABatchWithAnIncompleteEvent) {
  const std::vector<CallEvent> batch = {Event(1, Said(Speaker::kAgent, "Hi", absl::Seconds(0))),
                                        Event(2, StateChange{"flying", "", ""})};

  EXPECT_THAT(Append(batch),
              StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest));
  EXPECT_THAT(Await(io_, log_.GetTranscript(tenant_, call_)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kCallNotFound));
}

TEST_F(CallLogTest, RefusesARecordingOutsideOfItsFolder) {
  for (const char* file : {"../secrets", "/etc/passwd", ".hidden", "a/b.wav", ""}) {
    EXPECT_THAT(Append({Event(1, RecordingReady{file, absl::Seconds(1)})}),
                StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest))
        << file;
  }
}

TEST_F(CallLogTest, HidesACallFromAnotherTenant) {
  ASSERT_THAT(Append({Event(1, StateChange{"ringing", "", ""})}), IsOk());

  EXPECT_THAT(Await(io_, log_.GetTranscript(SampleTenantId("two"), call_)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kCallNotFound));
}

TEST_F(CallLogTest, ReadsARecordingInPieces) {
  const std::string wav(40'000, 'w');
  recordings_.files["call_one.wav"] = wav;
  ASSERT_THAT(Append({Event(1, RecordingReady{"call_one.wav", absl::Seconds(5)})}), IsOk());

  const absl::StatusOr<std::string> file = Await(io_, log_.FindRecording(tenant_, call_));
  ASSERT_THAT(file, IsOkAndHolds(std::string("call_one.wav")));

  EXPECT_EQ(log_.ReadRecording(*file, 0)->size(), 32'768U);
  EXPECT_EQ(log_.ReadRecording(*file, 32'768)->size(), 7'232U);
  EXPECT_EQ(log_.ReadRecording(*file, 40'000)->size(), 0U);
}

TEST_F(CallLogTest, SaysThatACallHasNoRecording) {
  ASSERT_THAT(Append({Event(1, StateChange{"ringing", "", ""})}), IsOk());

  EXPECT_THAT(Await(io_, log_.FindRecording(tenant_, call_)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kRecordingNotFound));
}

TEST_F(CallLogTest, WatchGivesWhatIsThereAndThenWhatComes) {
  ASSERT_THAT(Append({Event(1, StateChange{"ringing", "", ""})}), IsOk());
  CallWatch watch = log_.Watch(tenant_, call_, 0);
  StartNext(watch);
  ASSERT_TRUE(next_.has_value());
  EXPECT_EQ((*next_)->size(), 1U);

  StartNext(watch);
  EXPECT_FALSE(next_.has_value());
  ASSERT_THAT(Append({Event(2, StateChange{"answered", "", ""})}), IsOk());
  Pass(absl::Milliseconds(100));

  ASSERT_TRUE(next_.has_value());
  ASSERT_EQ((*next_)->size(), 1U);
  EXPECT_EQ((*next_)->front().event.sequence, 2);
}

TEST_F(CallLogTest, WatchGoesOnFromItsCursor) {
  ASSERT_THAT(
      Append({Event(1, StateChange{"ringing", "", ""}), Event(2, StateChange{"answered", "", ""})}),
      IsOk());

  CallWatch watch = log_.Watch(tenant_, call_, 1);
  StartNext(watch);

  ASSERT_TRUE(next_.has_value());
  ASSERT_EQ((*next_)->size(), 1U);
  EXPECT_EQ((*next_)->front().position, 2);
}

TEST_F(CallLogTest, WatchEndsAfterTheCallAndStillTellsItsRecording) {
  ASSERT_THAT(Append({Event(1, StateChange{"ended", "completed", ""})}), IsOk());
  CallWatch watch = log_.Watch(tenant_, call_, 0);
  StartNext(watch);
  StartNext(watch);
  Pass(absl::Seconds(1));
  EXPECT_FALSE(next_.has_value());

  ASSERT_THAT(Append({Event(2, RecordingReady{"call_one.wav", absl::Seconds(5)})}), IsOk());
  Pass(absl::Milliseconds(100));
  ASSERT_TRUE(next_.has_value());
  EXPECT_EQ((*next_)->size(), 1U);

  StartNext(watch);
  Pass(absl::Seconds(2.2));
  ASSERT_TRUE(next_.has_value());
  EXPECT_TRUE((*next_)->empty());
}

TEST_F(CallLogTest, WatchEndsAfterFiveMinutes) {
  ASSERT_THAT(Append({Event(1, StateChange{"answered", "", ""})}), IsOk());
  CallWatch watch = log_.Watch(tenant_, call_, 1);

  StartNext(watch);
  Pass(absl::Minutes(4.9));
  EXPECT_FALSE(next_.has_value());
  Pass(absl::Seconds(7));

  ASSERT_TRUE(next_.has_value());
  EXPECT_TRUE((*next_)->empty());
}

TEST_F(CallLogTest, WatchTellsWhenItsLogIsOutOfReach) {
  events_.failure = Error(absl::StatusCode::kUnavailable, reasons::kPostgresUnavailable, "Away.");
  CallWatch watch = log_.Watch(tenant_, call_, 0);

  StartNext(watch);

  ASSERT_TRUE(next_.has_value());
  EXPECT_THAT(*next_, StatusIs(absl::StatusCode::kUnavailable, reasons::kPostgresUnavailable));
}

}  // namespace
}  // namespace latchkey::orchestrator
