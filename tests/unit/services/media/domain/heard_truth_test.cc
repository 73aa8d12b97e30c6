// What a call says was heard is what the ear heard, whenever the agent is interrupted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "services/media/domain/composed_conversation.h"
#include "services/media/domain/realtime_conversation.h"
#include "tests/support/media/fake_ports.h"
#include "tests/support/media/fake_realtime_model.h"
#include "tests/support/media/simulated_phone.h"

namespace latchkey::media {
namespace {

constexpr int kTurns = 200;
constexpr int64_t kSamplesPerMs = 8;
constexpr int64_t kToleranceSamples = 60 * kSamplesPerMs;
constexpr int kWordMs = 100;

// LATCHKEY_SEED=… repeats a run.
uint64_t Seed() {
  const char* const told = std::getenv("LATCHKEY_SEED");
  return told == nullptr ? std::random_device()() : std::strtoull(told, nullptr, 10);
}

// A sound that tells the reply and the sample, and is never silence.
uint8_t SampleOf(int reply, int64_t index) {
  const auto mixed = static_cast<uint64_t>(index * 31 + reply * 17 + (index >> 7));
  return static_cast<uint8_t>(mixed % 127);
}

// Two hundred turns: the callee asks, the agent replies, the callee lets it finish or breaks in.
class HeardTruth : public ::testing::Test {
 protected:
  HeardTruth() : seed_(Seed()), random_(seed_), phone_(clock_, seed_) {
    RecordProperty("seed", std::to_string(seed_));
  }

  int Between(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random_);
  }

  // What of the reply was played from `from` on, in order.
  std::vector<uint8_t> EarSince(size_t from) const {
    std::vector<uint8_t> heard;
    for (size_t i = from; i < phone_.ear().size(); ++i) {
      if (phone_.ear()[i] != kSilence) heard.push_back(phone_.ear()[i]);
    }
    return heard;
  }
  static bool IsBeginOf(int reply, const std::vector<uint8_t>& heard) {
    for (size_t i = 0; i < heard.size(); ++i) {
      if (heard[i] != SampleOf(reply, static_cast<int64_t>(i))) return false;
    }
    return true;
  }
  size_t FirstSound(size_t from) const {
    while (from < phone_.ear().size() && phone_.ear()[from] == kSilence) ++from;
    return from;
  }

  static void ExpectNear(int64_t told, int64_t heard) {
    EXPECT_LE(std::abs(told - heard), kToleranceSamples) << "told " << told << ", heard " << heard;
  }

  // Holds the last utterance of the agent's against the ear. `sent`: of the reply, so far;
  // `whole`: all that it has.
  void Compare(int turn, size_t from, int64_t sent, int64_t whole) {
    SCOPED_TRACE("turn " + std::to_string(turn) + ", LATCHKEY_SEED=" + std::to_string(seed_));
    const std::vector<uint8_t> heard = EarSince(from);
    const auto samples = static_cast<int64_t>(heard.size());
    EXPECT_TRUE(IsBeginOf(turn, heard)) << "stale, twice or out of order";
    EXPECT_LE(samples, sent);
    const std::vector<UtteranceEvent> said = AgentSince(utterances_);
    utterances_ += said.size();
    if (said.empty()) {
      EXPECT_LE(samples, kToleranceSamples + kWordMs * kSamplesPerMs) << "heard, but not told";
      return;
    }
    ASSERT_EQ(said.size(), 1U);
    const int64_t start = absl::ToInt64Milliseconds(said[0].start) * kSamplesPerMs;
    const int64_t end = absl::ToInt64Milliseconds(said[0].end) * kSamplesPerMs;
    ExpectNear(start, static_cast<int64_t>(FirstSound(from)));
    ExpectNear(end - start, samples);
    if (!said[0].interrupted) ExpectNear(samples, whole);
    worst_ = std::max(worst_, std::abs(end - start - samples));
  }
  std::vector<UtteranceEvent> AgentSince(size_t index) const {
    std::vector<UtteranceEvent> said;
    for (const UtteranceEvent& one : log_.All<UtteranceEvent>()) {
      if (one.by_agent) said.push_back(one);
    }
    said.erase(said.begin(), said.begin() + static_cast<std::ptrdiff_t>(index));
    return said;
  }
  // The recording's agent is what the ear heard, sample by sample but for the network's delay.
  void CompareRecording() {
    const auto loud = [](const std::vector<uint8_t>& audio) {
      return std::count_if(audio.begin(), audio.end(), [](uint8_t b) { return b != kSilence; });
    };
    EXPECT_LE(std::abs(loud(recorder_.agent) - loud(phone_.ear())), kTurns * kToleranceSamples);
    std::printf("seed %llu: worst difference %lld ms\n", static_cast<unsigned long long>(seed_),
                static_cast<long long>(worst_ / kSamplesPerMs));
  }

  uint64_t seed_;
  std::mt19937_64 random_;
  SimulatedClock clock_;
  SimulatedPhone phone_;
  FakeCallLog log_;
  FakeRecorder recorder_;
  size_t utterances_ = 0;
  int64_t worst_ = 0;
};

class RealtimeHeardTruth : public HeardTruth {
 protected:
  // A reply of `ms`, as fast as a model gives it: eight times faster than it is heard.
  void Reply(int turn, int ms) {
    response_ = "r" + std::to_string(turn);
    item_ = "i" + std::to_string(turn);
    turn_ = turn;
    left_ = ms * kSamplesPerMs;
    given_ = 0;
    next_ms_ = 0;
    model_.listener->OnResponse(response_);
  }
  // Called every millisecond.
  void Generate() {
    if (left_ <= 0 || --next_ms_ > 0) return;
    next_ms_ = Between(15, 35);
    std::vector<uint8_t> piece(static_cast<size_t>(std::min<int64_t>(1600, left_)));
    for (size_t i = 0; i < piece.size(); ++i) {
      piece[i] = SampleOf(turn_, given_ + static_cast<int64_t>(i));
    }
    given_ += static_cast<int64_t>(piece.size());
    left_ -= static_cast<int64_t>(piece.size());
    model_.listener->OnAgentWords(response_, "la la la ");
    model_.listener->OnAgentAudio(response_, item_, piece);
    if (left_ > 0) return;
    model_.listener->OnAgentItemDone(response_, item_);
    model_.listener->OnResponseDone(response_, {});
  }
  // The model notices the callee, and stops.
  void Notice() {
    const bool active = left_ > 0;
    left_ = 0;
    model_.listener->OnCalleeStarted(0);
    // What was under way comes late, for a response that is dead.
    if (!active) return;
    const std::vector<uint8_t> late(1600, 0x7E);
    model_.listener->OnAgentAudio(response_, item_, late);
    model_.listener->OnResponseDone(response_, {.kind = ResponseEnd::Kind::kCancelled});
  }

  FakeRealtimeModel model_;
  FakeToolRunner tools_;
  CallSpec spec_;
  RealtimeConversation conversation_{spec_,
                                     {.model = model_,
                                      .tools = tools_,
                                      .leg = phone_,
                                      .log = log_,
                                      .clock = clock_,
                                      .recorder = &recorder_}};
  std::string response_;
  std::string item_;
  int turn_ = 0;
  int64_t left_ = 0;
  int64_t given_ = 0;
  int next_ms_ = 0;
};

TEST_F(RealtimeHeardTruth, TwoHundredTurnsWithInterruptionsAtAnyMoment) {
  conversation_.Prepare();
  model_.BeReady();
  phone_.Connect(conversation_);
  phone_.on_millisecond = [this] { Generate(); };
  model_.listener->OnCalleeStarted(0);
  for (int turn = 1; turn <= kTurns; ++turn) {
    const std::string item = "c" + std::to_string(turn);
    phone_.Pass(Between(200, 600), true);
    model_.listener->OnCalleeStopped(0);
    model_.listener->OnCalleeItem(item);
    phone_.Pass(Between(100, 700), false);
    model_.listener->OnCalleeWords(item, "And then?");
    const size_t from = phone_.ear().size();
    const int ms = Between(300, 4000);
    const size_t cuts = model_.cuts.size();
    Reply(turn, ms);
    const int until = Between(0, ms + 900);
    phone_.Pass(until, false);
    Notice();
    phone_.Pass(60, true);
    const size_t silent_from = phone_.ear().size();
    phone_.Pass(Between(40, 200), true);

    EXPECT_EQ(FirstSound(silent_from), phone_.ear().size()) << "stale audio after a barge-in";
    const bool interrupted = model_.cuts.size() > cuts;
    Compare(turn, from, given_, ms * kSamplesPerMs);
    if (interrupted) {
      EXPECT_EQ(model_.cuts.back().first, item_);
      EXPECT_LE(model_.cuts.back().second, given_);
      ExpectNear(model_.cuts.back().second, static_cast<int64_t>(EarSince(from).size()));
    }
    ASSERT_FALSE(conversation_.ending().has_value()) << conversation_.ending()->reason;
  }
  CompareRecording();
}

class ComposedHeardTruth : public HeardTruth {
 protected:
  // TTS speaks what it was given at three times the speed at which it is heard, a word at a time.
  void Generate() {
    const int context = tts_.last_context();
    if (context != context_) {
      context_ = context;
      spoken_ = 0;
      given_ = 0;
      next_ms_ = Between(40, 120);
    }
    if (--next_ms_ > 0 || done_ == context || !Speaking()) return;
    next_ms_ = Between(20, 40);
    const std::string& text = tts_.texts[context];
    const size_t end = text.find(' ', spoken_);
    if (end == std::string::npos && !tts_.ended[context]) return;
    const std::string word = text.substr(spoken_, end - spoken_);
    spoken_ = end == std::string::npos ? text.size() : end + 1;
    if (!word.empty()) Speak(context, word);
    if (spoken_ < text.size() || !tts_.ended[context]) return;
    done_ = context;
    tts_.listener->OnSpeechDone(context);
  }
  bool Speaking() {
    for (const int cancelled : tts_.cancelled) {
      if (cancelled == context_) return false;
    }
    return true;
  }
  void Speak(int context, const std::string& word) {
    std::vector<uint8_t> audio(kWordMs * kSamplesPerMs);
    for (size_t i = 0; i < audio.size(); ++i) {
      audio[i] = SampleOf(turn_, given_ + static_cast<int64_t>(i));
    }
    const absl::Duration start = ToDuration(given_);
    given_ += static_cast<int64_t>(audio.size());
    tts_.listener->OnWord(context, {.text = word, .start = start, .end = ToDuration(given_)});
    tts_.listener->OnSpeech(context, audio);
  }

  FakeSpeechToText stt_;
  FakeLanguageModel llm_;
  FakeTextToSpeech tts_;
  FakeToolRunner tools_;
  CallSpec spec_;
  ComposedConversation conversation_{spec_,
                                     {.stt = stt_,
                                      .llm = llm_,
                                      .tts = tts_,
                                      .tools = tools_,
                                      .leg = phone_,
                                      .log = log_,
                                      .clock = clock_,
                                      .recorder = &recorder_}};
  int turn_ = 0;
  int context_ = 0;
  int done_ = 0;
  size_t spoken_ = 0;
  int64_t given_ = 0;
  int next_ms_ = 0;
};

TEST_F(ComposedHeardTruth, TwoHundredTurnsWithInterruptionsAtAnyMoment) {
  conversation_.Prepare();
  tts_.Synthesize(1);
  tts_.Synthesize(2);
  phone_.Connect(conversation_);
  done_ = 2;
  context_ = 2;
  phone_.on_millisecond = [this] { Generate(); };
  for (int turn = 1; turn <= kTurns; ++turn) {
    phone_.Pass(Between(200, 500), true);
    phone_.Pass(Between(100, 400), false);
    const size_t from = phone_.ear().size();
    turn_ = turn;
    stt_.Say("And then?");
    const int words = Between(3, 40);
    for (int i = 0; i < words; ++i) {
      llm_.listener->OnReplyText(llm_.current, "word" + std::to_string(i) + ". ");
    }
    llm_.listener->OnReplyDone(llm_.current);
    const int ms = words * kWordMs;
    phone_.Pass(Between(150, ms + 900), false);
    phone_.Pass(260, true);  // Longer than it takes to be sure that it is a voice.
    const size_t silent_from = phone_.ear().size();
    phone_.Pass(Between(40, 200), true);

    EXPECT_EQ(FirstSound(silent_from), phone_.ear().size()) << "stale audio after a barge-in";
    Compare(turn, from, given_, ms * kSamplesPerMs);
    ASSERT_FALSE(conversation_.ending().has_value()) << conversation_.ending()->reason;
    // The history has the words that were heard to their end.
    const std::string& told = conversation_.history().messages().back().text;
    const auto whole = static_cast<int64_t>(EarSince(from).size()) / (kWordMs * kSamplesPerMs);
    const auto counted = std::count(told.begin(), told.end(), '.');
    if (conversation_.history().messages().back().by_agent) EXPECT_LE(std::abs(counted - whole), 1);
  }
  CompareRecording();
}

}  // namespace
}  // namespace latchkey::media
