// The contract of CallEventStore.
#include <gtest/gtest.h>

#include "lib/base/spawn.h"
#include "tests/contract/orchestrator/worlds.h"

namespace latchkey::orchestrator {
namespace {

template <typename World>
class CallEventStoreContract : public ::testing::Test {
 protected:
  template <typename T>
  T Run(Task<T> task) {
    return Await(world_.io, std::move(task));
  }

  absl::Status Append(const std::string& source, const std::vector<CallEvent>& events) {
    return Run(world_.events.Append(source, events));
  }

  CallEvent Event(std::string_view call, int64_t sequence, std::string state) {
    return SampleEvent(tenant_, call, sequence, StateChange{std::move(state), "", ""});
  }

  // The sequences of a call's events after `position`.
  std::vector<int64_t> Sequences(const CallId& call, int64_t position = 0, int limit = 100) {
    absl::StatusOr<EventPage> page = Run(world_.events.Read(tenant_, call, position, limit));
    EXPECT_THAT(page, IsOk());
    std::vector<int64_t> sequences;
    int64_t last = position;
    for (const StoredEvent& stored : page->events) {
      EXPECT_GT(stored.position, last);
      last = stored.position;
      sequences.push_back(stored.event.sequence);
    }
    return sequences;
  }

  World world_;
  const TenantId tenant_ = SampleTenantId("one");
  const CallId call_ = *CallId::Parse("call_one");
};
TYPED_TEST_SUITE(CallEventStoreContract, Worlds);

TYPED_TEST(CallEventStoreContract, GivesBackWhatWasKept) {
  const CallEvent said = SampleEvent(this->tenant_, "one", 1,
                                     Said(Speaker::kCallee, "Grüezi \"you\"", absl::Seconds(1)));
  const CallEvent trouble = SampleEvent(
      this->tenant_, "one", 2, Trouble{Provider::kDeepgram, "deepgram_dropped", "Back.", true});
  ASSERT_THAT(this->Append("media/m1", {said, trouble}), IsOk());

  absl::StatusOr<EventPage> page =
      this->Run(this->world_.events.Read(this->tenant_, this->call_, 0, 10));

  ASSERT_THAT(page, IsOk());
  ASSERT_EQ(page->events.size(), 2U);
  EXPECT_EQ(page->events[0].event, said);
  EXPECT_EQ(page->events[1].event, trouble);
  EXPECT_FALSE(page->ended);
}

TYPED_TEST(CallEventStoreContract, KeepsAnEventOncePerSource) {
  ASSERT_THAT(this->Append("media/m1", {this->Event("one", 1, "ringing")}), IsOk());
  ASSERT_THAT(
      this->Append("media/m1", {this->Event("one", 1, "ringing"), this->Event("one", 2, "answered"),
                                this->Event("one", 2, "answered")}),
      IsOk());
  ASSERT_THAT(this->Append("dialer", {this->Event("one", 1, "placing")}), IsOk());

  EXPECT_EQ(this->Sequences(this->call_), (std::vector<int64_t>{1, 2, 1}));
}

TYPED_TEST(CallEventStoreContract, ReadsFromAPositionOnInPages) {
  std::vector<CallEvent> batch;
  for (int64_t i = 1; i <= 5; ++i) batch.push_back(this->Event("one", i, "ringing"));
  ASSERT_THAT(this->Append("media/m1", batch), IsOk());

  EXPECT_EQ(this->Sequences(this->call_, 0, 2), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(this->Sequences(this->call_, 3, 10), (std::vector<int64_t>{4, 5}));
  EXPECT_EQ(this->Sequences(this->call_, 5, 10), (std::vector<int64_t>{}));
}

TYPED_TEST(CallEventStoreContract, SaysThatACallHasEnded) {
  ASSERT_THAT(
      this->Append("media/m1", {this->Event("one", 1, "ended"), this->Event("two", 1, "ringing")}),
      IsOk());
  ASSERT_THAT(this->Append("media/m1", {this->Event("one", 2, "answered")}), IsOk());

  EXPECT_TRUE(this->Run(this->world_.events.Read(this->tenant_, this->call_, 2, 10))->ended);
  const CallId two = *CallId::Parse("call_two");
  EXPECT_FALSE(this->Run(this->world_.events.Read(this->tenant_, two, 0, 10))->ended);
}

TYPED_TEST(CallEventStoreContract, KeepsNothingOfABatchWithAnothersCall) {
  ASSERT_THAT(this->Append("media/m1", {this->Event("one", 1, "ringing")}), IsOk());
  const TenantId other = SampleTenantId("two");
  const CallEvent stolen = SampleEvent(other, "one", 2, StateChange{"answered", "", ""});
  const CallEvent fresh = SampleEvent(other, "fresh", 1, StateChange{"ringing", "", ""});

  EXPECT_THAT(this->Append("media/m1", {fresh, stolen}),
              StatusIs(absl::StatusCode::kInvalidArgument, reasons::kMalformedRequest));

  EXPECT_EQ(this->Sequences(this->call_), (std::vector<int64_t>{1}));
  EXPECT_THAT(this->Run(this->world_.events.Read(other, fresh.call, 0, 10)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kCallNotFound));
  EXPECT_THAT(this->Run(this->world_.events.Read(other, this->call_, 0, 10)),
              StatusIs(absl::StatusCode::kNotFound, reasons::kCallNotFound));
}

Task<void> KeepAppend(CallEventStore& store, std::string source, std::vector<CallEvent> events,
                      std::vector<absl::Status>& ends) {
  absl::Status end = co_await store.Append(source, events);
  ends.push_back(std::move(end));
}

TYPED_TEST(CallEventStoreContract, TakesBatchesOfTheSameCallsAtOnce) {
  std::vector<absl::Status> ends;
  for (int64_t i = 1; i <= 20; ++i) {
    std::vector<CallEvent> batch = {this->Event("one", i, "ringing"),
                                    this->Event("two", i, "ringing")};
    if (i % 2 == 0) std::swap(batch[0], batch[1]);
    Spawn(this->world_.io.get_executor(), "append",
          KeepAppend(this->world_.events, "media/m1", batch, ends));
  }
  this->world_.io.restart();
  this->world_.io.run();

  ASSERT_EQ(ends.size(), 20U);
  for (const absl::Status& end : ends) EXPECT_THAT(end, IsOk());
  EXPECT_EQ(this->Sequences(this->call_).size(), 20U);
}

}  // namespace
}  // namespace latchkey::orchestrator
