// The contracts of the streaming ports, each kept by its fake and by its real adapter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "services/media/domain/failure_policy.h"
#include "services/media/providers/anthropic.h"
#include "services/media/providers/cartesia.h"
#include "services/media/providers/deepgram.h"
#include "tests/support/await.h"
#include "tests/support/media/fake_ports.h"
#include "tests/support/media/listeners.h"
#include "tests/support/media/stub_third_parties.h"

namespace latchkey::media {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

// A port under test, and what its provider does.
struct SttWorld {
  virtual ~SttWorld() = default;
  virtual SpeechToText& port() = 0;
  virtual void Refuse() = 0;     // The provider rejects the key.
  virtual void Recognise() = 0;  // The provider has heard "hello there".
  virtual size_t heard_bytes() = 0;
  virtual void Join() {}
  boost::asio::io_context io{1};
};

struct FakeSttWorld final : SttWorld {
  SpeechToText& port() override { return fake; }
  void Refuse() override {
    fake.listener->OnSpeechToTextDown(ClassifyFailure(Party::kSpeechToText, 401, ""));
  }
  void Recognise() override {
    if (!fake.stopped) fake.Say("hello there");
  }
  size_t heard_bytes() override { return fake.heard.size(); }
  FakeSpeechToText fake;
};

struct RealSttWorld final : SttWorld {
  SpeechToText& port() override { return real; }
  void Refuse() override {}  // It was told before, by refuse_status.
  void Recognise() override { real.Finalize(); }
  size_t heard_bytes() override { return stub.heard_bytes; }
  void Join() override { Await(io, real.Join()); }
  StubThirdParties stub{io};
  DeepgramSpeechToText real{io.get_executor(), stub.client_tls(), stub.url(), {}, Key()};
};

template <typename World>
class SpeechToTextContract : public ::testing::Test {
 protected:
  ~SpeechToTextContract() override { world_.Join(); }
  World world_;
  RememberingStt listener_;
};
using SttWorlds = ::testing::Types<FakeSttWorld, RealSttWorld>;
TYPED_TEST_SUITE(SpeechToTextContract, SttWorlds);

TYPED_TEST(SpeechToTextContract, WhatIsHeardArrivesAndComesBackAsWords) {
  this->world_.port().Start(this->listener_);
  this->world_.port().Hear(Tone(240));
  RunUntil(this->world_.io, [&] { return this->world_.heard_bytes() >= 1920; });
  this->world_.Recognise();

  RunUntil(this->world_.io, [&] { return !this->listener_.told.empty(); });

  EXPECT_GE(this->world_.heard_bytes(), 1920U);
  EXPECT_THAT(this->listener_.told, ElementsAre("hello there"));
}

TYPED_TEST(SpeechToTextContract, ARejectedKeyIsTold) {
  if constexpr (requires { this->world_.stub; }) this->world_.stub.refuse_status = 401;
  this->world_.port().Start(this->listener_);
  this->world_.Refuse();

  RunUntil(this->world_.io, [&] { return !this->listener_.told.empty(); });

  EXPECT_THAT(this->listener_.told, ElementsAre("deepgram_rejected_key"));
}

TYPED_TEST(SpeechToTextContract, AfterStopNothingIsTold) {
  this->world_.port().Start(this->listener_);
  this->world_.port().Hear(Tone(60));
  RunUntil(this->world_.io, [&] { return this->world_.heard_bytes() > 0; });
  this->world_.port().Stop();
  this->world_.Recognise();
  this->world_.Join();

  EXPECT_THAT(this->listener_.told, IsEmpty());
}

struct TtsWorld {
  virtual ~TtsWorld() = default;
  virtual TextToSpeech& port() = 0;
  virtual void Refuse() = 0;
  virtual void Synthesize(int context) = 0;
  virtual void Join() {}
  boost::asio::io_context io{1};
};

struct FakeTtsWorld final : TtsWorld {
  TextToSpeech& port() override { return fake; }
  void Refuse() override {
    fake.listener->OnTextToSpeechDown(ClassifyFailure(Party::kTextToSpeech, 402, ""));
  }
  void Synthesize(int context) override { fake.Synthesize(context); }
  FakeTextToSpeech fake;
};

struct RealTtsWorld final : TtsWorld {
  TextToSpeech& port() override { return real; }
  void Refuse() override {}
  void Synthesize(int) override {}
  void Join() override { Await(io, real.Join()); }
  StubThirdParties stub{io};
  CartesiaTextToSpeech real{io.get_executor(), stub.client_tls(), stub.url(), "call_1", {}, Key()};
};

template <typename World>
class TextToSpeechContract : public ::testing::Test {
 protected:
  ~TextToSpeechContract() override { world_.Join(); }
  World world_;
  RememberingTts listener_;
};
using TtsWorlds = ::testing::Types<FakeTtsWorld, RealTtsWorld>;
TYPED_TEST_SUITE(TextToSpeechContract, TtsWorlds);

TYPED_TEST(TextToSpeechContract, AContextGivesWordsAndAudioAndThenItsEnd) {
  this->world_.port().Start(this->listener_);
  this->world_.port().Speak(7, "Good ", false);
  this->world_.port().Speak(7, "day.", true);
  this->world_.Synthesize(7);

  RunUntil(this->world_.io, [&] {
    return !this->listener_.told.empty() && this->listener_.told.back() == "7 done";
  });

  EXPECT_THAT(this->listener_.told, Contains("7 Good"));
  EXPECT_THAT(this->listener_.told, Contains("7 day."));
  EXPECT_GT(this->listener_.samples, 0U);
  EXPECT_EQ(this->listener_.told.back(), "7 done");
}

TYPED_TEST(TextToSpeechContract, AnEmptyAccountIsTold) {
  if constexpr (requires { this->world_.stub; }) this->world_.stub.refuse_status = 402;
  this->world_.port().Start(this->listener_);
  this->world_.Refuse();

  RunUntil(this->world_.io, [&] { return !this->listener_.told.empty(); });

  EXPECT_THAT(this->listener_.told, ElementsAre("cartesia_no_credit"));
}

struct LlmWorld {
  virtual ~LlmWorld() = default;
  virtual LanguageModel& port() = 0;
  virtual void Reply() = 0;
  virtual void Refuse() = 0;
  virtual void Join() {}
  boost::asio::io_context io{1};
};

struct FakeLlmWorld final : LlmWorld {
  LanguageModel& port() override { return fake; }
  void Reply() override { fake.Reply({"Good morning."}); }
  void Refuse() override {
    fake.listener->OnReplyFailed(fake.current, ClassifyFailure(Party::kLanguageModel, 529, ""));
  }
  FakeLanguageModel fake;
};

struct RealLlmWorld final : LlmWorld {
  LanguageModel& port() override { return real; }
  void Reply() override {}
  void Refuse() override {}
  void Join() override { Await(io, real.Join()); }
  StubThirdParties stub{io};
  http::Client client{io.get_executor(), stub.client_tls()};
  AnthropicLanguageModel real{io.get_executor(), client, stub.url(), Key()};
};

template <typename World>
class LanguageModelContract : public ::testing::Test {
 protected:
  ~LanguageModelContract() override { world_.Join(); }
  void Ask(int request) {
    world_.port().Ask(request, {.model = "", .system = "", .messages = &messages_});
  }
  World world_;
  RememberingLlm listener_;
  std::vector<Said> messages_ = {{.by_agent = false, .text = "Hi"}};
};
using LlmWorlds = ::testing::Types<FakeLlmWorld, RealLlmWorld>;
TYPED_TEST_SUITE(LanguageModelContract, LlmWorlds);

TYPED_TEST(LanguageModelContract, AReplyComesInPiecesAndThenItsEnd) {
  this->world_.port().Start(this->listener_);
  this->Ask(3);
  this->world_.Reply();

  RunUntil(this->world_.io, [&] { return this->listener_.told.size() == 2; });

  EXPECT_THAT(this->listener_.told, ElementsAre("3 Good morning.", "3 done"));
}

TYPED_TEST(LanguageModelContract, AnOverloadIsTold) {
  if constexpr (requires { this->world_.stub; }) this->world_.stub.refuse_status = 529;
  this->world_.port().Start(this->listener_);
  this->Ask(3);
  this->world_.Refuse();

  RunUntil(this->world_.io, [&] { return !this->listener_.told.empty(); });

  EXPECT_THAT(this->listener_.told, ElementsAre("3 anthropic_overloaded"));
}

TEST(AnthropicTest, CancellingClosesTheConnectionSoThatTheGenerationStops) {
  RealLlmWorld world;
  world.stub.hang = true;
  RememberingLlm listener;
  const std::vector<Said> messages = {{.by_agent = false, .text = "Hi"}};
  world.real.Start(listener);
  world.real.Ask(1, {.model = "", .system = "", .messages = &messages});
  RunUntil(world.io, [&] { return !listener.told.empty(); });

  world.real.Cancel();
  RunUntil(world.io, [&] { return !world.stub.closed.empty(); });

  EXPECT_EQ(world.stub.closed, "disconnected");
  EXPECT_THAT(listener.told, ElementsAre("1 Good morning."));
  world.Join();
}

TEST(DeepgramTest, TheSocketIsClosedWithAWord) {
  RealSttWorld world;
  RememberingStt listener;
  world.real.Start(listener);
  RunUntil(world.io, [&] { return world.stub.heard_bytes > 0; });

  world.Join();
  RunUntil(world.io, [&] { return !world.stub.closed.empty(); });

  EXPECT_EQ(world.stub.closed, "closed");
}

}  // namespace
}  // namespace latchkey::media
