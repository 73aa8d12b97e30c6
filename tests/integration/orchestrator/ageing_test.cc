// Connections that come of age while a tenant watches its call.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/integration/orchestrator/orchestrator_test.h"

namespace latchkey::orchestrator {
namespace {

constexpr std::chrono::seconds kPatience(30);

class AgeingTest : public OrchestratorTest {
 protected:
  AgeingTest() : OrchestratorTest(absl::Milliseconds(100), absl::Seconds(1)) {}

  // One stream to its end: what it tells goes to told_, and where to go on, to cursor_.
  void FollowOnce(rpc::Client<v1::Orchestrator>& client, const std::string& tenant) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kPatience);
    v1::WatchCallRequest request;
    request.set_tenant_id(tenant);
    request.set_call_id("call_one");
    request.set_cursor(cursor_);
    const auto reader = client.stub()->WatchCall(&context, request);
    v1::WatchCallResponse message;
    while (reader->Read(&message)) {
      told_.push_back(message.event().sequence());
      cursor_ = message.cursor();
      over_ = message.event().has_state();
    }
    const grpc::Status ended = reader->Finish();
    EXPECT_TRUE(ended.ok() || ended.error_code() == grpc::StatusCode::UNAVAILABLE)
        << ended.error_message();
  }

  // As gateway's client does: from its cursor again whenever the stream is cut.
  void FollowToTheCallsEnd(rpc::Client<v1::Orchestrator>& client, const std::string& tenant) {
    while (!over_ && !HasFailure()) {
      FollowOnce(client, tenant);
      const std::lock_guard<std::mutex> lock(mutex_);
      ++streams_;
      ended_.notify_all();
    }
  }

  bool AwaitAnotherEnd() {
    std::unique_lock<std::mutex> lock(mutex_);
    const int before = streams_;
    return ended_.wait_for(lock, kPatience, [&] { return streams_ > before; });
  }

  std::string cursor_;
  std::vector<int64_t> told_;
  bool over_ = false;
  std::mutex mutex_;
  std::condition_variable ended_;
  int streams_ = 0;
};

TEST_F(AgeingTest, NoEventIsMissedOrComesTwiceWhileConnectionsComeOfAge) {
  constexpr int64_t kEvents = 40;
  const std::string tenant = MakeTenant();
  const auto said = [&](int64_t sequence) {
    v1::CallEvent event = Event(tenant, sequence);
    event.mutable_utterance()->set_text("Hello.");
    event.mutable_utterance()->set_speaker(v1::SPEAKER_AGENT);
    return event;
  };
  ASSERT_THAT(Append({said(1)}), IsOk());
  rpc::Client<v1::Orchestrator> client = ClientOf("gateway");
  std::thread watcher([&] { FollowToTheCallsEnd(client, tenant); });

  for (int64_t sequence = 2; sequence < kEvents; ++sequence) {
    EXPECT_THAT(Append({said(sequence)}), IsOk());
    if (sequence % 10 == 0) EXPECT_TRUE(AwaitAnotherEnd()) << "no connection came of age";
  }
  v1::CallEvent last = Event(tenant, kEvents);
  last.mutable_state()->set_state("ended");
  EXPECT_THAT(Append({last}), IsOk());
  watcher.join();

  std::vector<int64_t> all;
  for (int64_t sequence = 1; sequence <= kEvents; ++sequence) all.push_back(sequence);
  EXPECT_EQ(told_, all);
  EXPECT_GE(streams_, 4);
}

}  // namespace
}  // namespace latchkey::orchestrator
