// The contract of the realtime model, kept by its fake and by OpenAI's adapter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/media/domain/failure_policy.h"
#include "services/media/providers/openai.h"
#include "tests/support/await.h"
#include "tests/support/media/fake_realtime_model.h"
#include "tests/support/media/listeners.h"
#include "tests/support/media/stub_third_parties.h"

namespace latchkey::media {
namespace {

using ::testing::ElementsAre;

// Runs `io` until `done`, for five seconds at most.
template <typename Done>
void RunUntil(boost::asio::io_context& io, Done done) {
  const absl::Time until = absl::Now() + absl::Seconds(5);
  while (!done() && absl::Now() < until) {
    io.restart();
    io.run_for(std::chrono::milliseconds(5));
  }
}

const Secret& Key() {
  static const Secret key(std::string_view("test-key"));
  return key;
}

struct FakeWorld {
  RealtimeModel& port() { return fake; }
  void BeReady() { fake.BeReady(); }
  void Reply() {
    fake.listener->OnResponse("r1");
    fake.listener->OnAgentWords("r1", "Good morning.");
    fake.listener->OnAgentAudio("r1", "i1", Tone(1));
    fake.listener->OnAgentItemDone("r1", "i1");
    fake.listener->OnToolUse("r1", {.id = "call_1", .name = "end_call", .arguments = "{}"});
    fake.listener->OnResponseDone("r1", {.usage = {.output_text = 3, .output_audio = 9}});
  }
  void Refuse() { fake.listener->OnRealtimeDown(ClassifyFailure(Party::kRealtimeModel, 401, "")); }
  bool heard() { return fake.heard.size() >= 640; }
  void Join() {}
  boost::asio::io_context io{1};
  FakeRealtimeModel fake;
};

struct RealWorld {
  RealtimeModel& port() { return real; }
  void BeReady() {}
  void Reply() {}
  void Refuse() {}  // It was told before, by reject_inside.
  bool heard() { return stub.heard_bytes >= 640 * 4 / 3; }
  void Join() { Await(io, real.Join()); }
  boost::asio::io_context io{1};
  StubThirdParties stub{io};
  OpenaiRealtime real{io.get_executor(), stub.client_tls(), stub.url(), {}, Key()};
};

template <typename World>
class RealtimeModelContract : public ::testing::Test {
 protected:
  ~RealtimeModelContract() override { world_.Join(); }
  void Start() {
    world_.port().Start(listener_);
    world_.BeReady();
    RunUntil(world_.io, [&] { return !listener_.told.empty(); });
  }
  World world_;
  RememberingRealtime listener_;
};
using Worlds = ::testing::Types<FakeWorld, RealWorld>;
TYPED_TEST_SUITE(RealtimeModelContract, Worlds);

TYPED_TEST(RealtimeModelContract, ASessionIsReadyAndThenHears) {
  this->world_.port().Start(this->listener_);
  this->world_.port().Hear(Tone(80));  // Kept until then.
  this->world_.BeReady();

  RunUntil(this->world_.io, [&] { return this->world_.heard(); });

  EXPECT_TRUE(this->world_.heard());
  EXPECT_THAT(this->listener_.told, ElementsAre("ready"));
}

TYPED_TEST(RealtimeModelContract, AResponseComesWithWordsSoundToolsAndItsTokens) {
  this->Start();
  this->world_.port().Respond("");
  this->world_.Reply();

  RunUntil(this->world_.io, [&] { return this->listener_.told.size() == 7; });

  EXPECT_THAT(this->listener_.told,
              ElementsAre("ready", "response r1", "r1 Good morning.", "r1 i1 audio", "r1 i1 done",
                          "r1 end_call call_1 {}", "r1 done, 9 tokens"));
  EXPECT_GT(this->listener_.samples, 0U);
}

TYPED_TEST(RealtimeModelContract, ARejectedKeyIsTold) {
  if constexpr (requires { this->world_.stub; }) this->world_.stub.reject_inside = true;
  this->world_.port().Start(this->listener_);
  this->world_.Refuse();

  RunUntil(this->world_.io, [&] { return !this->listener_.told.empty(); });

  EXPECT_THAT(this->listener_.told, ElementsAre("openai_rejected_key"));
}

TYPED_TEST(RealtimeModelContract, AfterStopNothingIsTold) {
  this->Start();
  this->world_.port().Stop();
  this->world_.Join();

  EXPECT_THAT(this->listener_.told, ElementsAre("ready"));
}

TEST(OpenaiRealtimeTest, EveryCommandIsAnEventAndAKeyNeverOne) {
  RealWorld world;
  RememberingRealtime listener;
  world.real.Start(listener);
  RunUntil(world.io, [&] { return !listener.told.empty(); });

  world.real.Recall({{.by_agent = false, .text = "Hi"}});
  world.real.Truncate("i1", 800);
  world.real.Truncate("i2", 0);
  world.real.AnswerTool("call_1", "{}");
  world.real.CancelResponse();
  RunUntil(world.io, [&] { return world.stub.realtime_events.size() == 6; });

  EXPECT_THAT(
      world.stub.realtime_events,
      ElementsAre("session.update", "conversation.item.create", "conversation.item.truncate",
                  "conversation.item.delete", "conversation.item.create", "response.cancel"));
  world.Join();
}

TEST(OpenaiRealtimeTest, ASessionThatBreaksIsToldAndCanBeStartedAgain) {
  RealWorld world;
  RememberingRealtime listener;
  world.real.Start(listener);
  RunUntil(world.io, [&] { return !listener.told.empty(); });
  world.real.Break();
  RunUntil(world.io, [&] { return listener.told.size() == 2; });
  EXPECT_EQ(listener.told.back(), "openai_dropped");

  world.real.Start(listener);
  RunUntil(world.io, [&] { return listener.told.size() == 3; });

  EXPECT_EQ(listener.told.back(), "ready");
  world.Join();
}

}  // namespace
}  // namespace latchkey::media
