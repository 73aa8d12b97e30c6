// A realtime conversation with OpenAI's stand-in: each keeps the protocol that the other expects.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "services/media/domain/realtime_conversation.h"
#include "services/media/domain/reasons.h"
#include "services/media/providers/openai.h"
#include "tests/integration/sandbox/providers_fixture.h"
#include "tests/support/media/fake_ports.h"

namespace latchkey::media {
namespace {

using sandbox::Fault;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr char kGreeting[] = "Hello, this is Anna.";
constexpr char kOpen[] = "We are open on Friday.";
constexpr char kThursday[] = "Thursday is perfect for me.";
constexpr char kGoodbye[] = "No, that is all. Thank you and goodbye!";

class RealtimeSandboxTest : public sandbox::ProvidersFixture {
 protected:
  RealtimeSandboxTest() {
    Change([](sandbox::Scenario& scenario) {
      scenario.keys[sandbox::Provider::kOpenai] = {
          {.key = "good"}, {.key = "unfunded", .status = 429, .code = "insufficient_quota"}};
    });
    spec_.agent.first_message = kGreeting;
  }
  ~RealtimeSandboxTest() override {
    if (model_ != nullptr) Await(io_, model_->Join());
  }

  void Answer(const Secret& key) {
    model_ =
        std::make_unique<OpenaiRealtime>(io_.get_executor(), *tls_, UrlOf(""), spec_.agent, key);
    conversation_ = std::make_unique<RealtimeConversation>(
        spec_, RealtimeConversation::Ports{
                   .model = *model_, .tools = tools_, .leg = leg_, .log = log_, .clock = clock_});
    conversation_->Prepare();
    conversation_->OnStreamStart();
    next_frame_ = std::chrono::steady_clock::now();
  }

  // The carrier goes on in real time until `done`; the callee says `audio` meanwhile, and then
  // nothing. False: it was not done within ten seconds.
  template <typename Done>
  bool GoOn(Done done, const std::vector<uint8_t>& audio = {}) {
    for (size_t frame = 0; frame < 500; ++frame) {
      if (done() && frame * 160 >= audio.size()) return true;
      std::vector<uint8_t> sound(160, kSilence);
      const size_t at = frame * 160;
      for (size_t i = 0; i < 160 && at + i < audio.size(); ++i) sound[i] = audio[at + i];
      next_frame_ += std::chrono::milliseconds(20);
      io_.restart();
      io_.run_until(next_frame_);
      if (conversation_->ending().has_value()) return done();
      conversation_->OnAudio(position_, sound);
      position_ += 160;
      for (const int64_t mark : leg_.TakeDue(position_)) conversation_->OnMark(mark);
    }
    return false;
  }
  std::vector<std::string> Texts() const {
    std::vector<std::string> texts;
    for (const UtteranceEvent& one : log_.All<UtteranceEvent>()) {
      texts.push_back((one.by_agent ? "agent: " : "callee: ") + one.text +
                      (one.interrupted ? " -" : ""));
    }
    return texts;
  }
  bool Said(size_t utterances) const { return Texts().size() >= utterances; }
  void Break(Fault::Moment moment, Fault::Kind kind, int after) {
    Fault fault;
    fault.provider = sandbox::Provider::kOpenai;
    fault.moment = moment;
    fault.kind = kind;
    fault.after = after;
    stage_.AddFault(fault);
  }

  // Made before the call: it is held in real time.
  const std::vector<uint8_t> thursday_ = Spoken("rms", kThursday);
  const std::vector<uint8_t> goodbye_ = Spoken("rms", kGoodbye);
  CallSpec spec_;
  FakeCarrierLeg leg_;
  FakeToolRunner tools_;
  FakeCallLog log_;
  std::unique_ptr<OpenaiRealtime> model_;
  std::unique_ptr<RealtimeConversation> conversation_;
  std::chrono::steady_clock::time_point next_frame_;
  int64_t position_ = 0;
};

TEST_F(RealtimeSandboxTest, AConversationGoesToItsEnd) {
  Answer(good_);
  EXPECT_TRUE(GoOn([&] { return Said(1); }));
  EXPECT_TRUE(GoOn([&] { return Said(3); }, thursday_));
  EXPECT_TRUE(GoOn([&] { return conversation_->ending().has_value(); }, goodbye_));

  EXPECT_EQ(conversation_->ending()->reason, reasons::kAgentHungUp);
  EXPECT_THAT(
      Texts(),
      ElementsAre("agent: Hello, this is Anna.", "callee: Thursday is perfect for me.",
                  "agent: We are open on Friday.",
                  "callee: No, that is all. Thank you and goodbye!", "agent: Goodbye then!"));
  EXPECT_THAT(log_.All<UsageEvent>(), SizeIs(3));
  EXPECT_THAT(log_.All<TroubleEvent>(), SizeIs(0));
  EXPECT_GE(log_.All<LatencyEvent>().size(), 2U);
}

TEST_F(RealtimeSandboxTest, AnInterruptedAgentStops) {
  spec_.agent.first_message = "Hello, this is Anna, and I have a long story to tell you today.";
  Answer(good_);
  EXPECT_TRUE(GoOn([&] { return leg_.played > 0; }));
  const int64_t begin = position_;
  EXPECT_TRUE(GoOn([&] { return position_ > begin + 8000; }));

  EXPECT_TRUE(GoOn([&] { return Said(3); }, thursday_));

  EXPECT_EQ(leg_.clears, 1);
  EXPECT_THAT(Texts()[0], StartsWith("agent: Hello, this"));
  EXPECT_TRUE(log_.All<UtteranceEvent>()[0].interrupted);
  EXPECT_EQ(Texts()[1], "callee: Thursday is perfect for me.");
  EXPECT_EQ(Texts()[2], std::string("agent: ") + kOpen);
}

TEST_F(RealtimeSandboxTest, ASessionThatBreaksIsMadeAgainAndKnowsWhatWasSaid) {
  Break(Fault::Moment::kFirstByte, Fault::Kind::kDrop, 1);
  Answer(good_);
  EXPECT_TRUE(GoOn([&] { return Said(1); }));

  EXPECT_TRUE(GoOn([&] { return Said(3); }, thursday_));

  EXPECT_EQ(Texts().back(), std::string("agent: ") + kOpen);
  ASSERT_THAT(log_.All<TroubleEvent>(), SizeIs(1));
  EXPECT_EQ(log_.All<TroubleEvent>()[0].reason, "openai_dropped");
  EXPECT_TRUE(log_.All<TroubleEvent>()[0].recovered);
}

TEST_F(RealtimeSandboxTest, AReplyThatBreaksOffIsFollowedByAPlea) {
  Break(Fault::Moment::kMidStream, Fault::Kind::kDrop, 1);
  Answer(good_);
  EXPECT_TRUE(GoOn([&] { return Said(1); }));

  EXPECT_TRUE(
      GoOn([&] { return Said(3) && Texts().back().find("say that again") != std::string::npos; },
           thursday_));
}

TEST_F(RealtimeSandboxTest, AnExpiredSessionIsFollowedByAnother) {
  Change([](sandbox::Scenario& s) { s.quirks.openai.session_limit = absl::Seconds(6); });
  Answer(good_);
  EXPECT_TRUE(GoOn([&] { return Said(1); }));
  EXPECT_TRUE(GoOn([&] { return position_ > 7 * 8000; }));

  EXPECT_TRUE(GoOn([&] { return Said(3); }, thursday_));

  EXPECT_EQ(Texts().back(), std::string("agent: ") + kOpen);
}

TEST_F(RealtimeSandboxTest, WithoutCreditOrWithAWrongKeyTheCarrierApologises) {
  for (const Secret* key : {&unfunded_, &unknown_}) {
    Answer(*key);
    EXPECT_TRUE(GoOn([&] { return conversation_->ending().has_value(); }));
    Await(io_, model_->Join());

    EXPECT_EQ(conversation_->ending()->reason,
              key == &unfunded_ ? "openai_no_credit" : "openai_rejected_key");
    EXPECT_THAT(conversation_->ending()->say, HasSubstr("technical problem"));
  }
}

TEST_F(RealtimeSandboxTest, AModelThatTheProjectMayNotUseIsNamed) {
  spec_.agent.realtime_model = "gpt-realtime-mini";
  Answer(good_);
  EXPECT_TRUE(GoOn([&] { return conversation_->ending().has_value(); }));

  EXPECT_EQ(conversation_->ending()->reason, "openai_model_not_found");
}

TEST_F(RealtimeSandboxTest, SemanticTurnsAreAnsweredToo) {
  spec_.agent.turn_detection = TurnDetection::kSemanticVad;
  Answer(good_);
  EXPECT_TRUE(GoOn([&] { return Said(1); }));

  EXPECT_TRUE(GoOn([&] { return Said(3); }, thursday_));
}

}  // namespace
}  // namespace latchkey::media
