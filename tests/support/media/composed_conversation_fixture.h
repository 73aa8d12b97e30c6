// ComposedConversationTest: a conversation with fakes around it, under a simulated clock.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "services/media/domain/composed_conversation.h"
#include "tests/support/media/fake_ports.h"
#include "tests/support/simulated_clock.h"

namespace latchkey::media {

inline CallSpec TestSpec() {
  CallSpec spec;
  spec.call_id = "call_1";
  spec.agent.first_message = "Hello, this is Anna.";
  return spec;
}

class ComposedConversationTest : public ::testing::Test {
 protected:
  explicit ComposedConversationTest(CallSpec spec = TestSpec()) : spec_(std::move(spec)) {}

  void Prepare() {
    conversation_.Prepare();
    tts_.Synthesize(1);  // The first message.
    tts_.Synthesize(2);  // The apology.
  }
  // Answers, and hears the first message to its end.
  void Answer() {
    Prepare();
    conversation_.OnStreamStart();
    Hear(Quiet(600));
  }
  // The carrier brings `audio` in frames of 20 ms, in real time, and returns the marks it has
  // played.
  void Hear(const std::vector<uint8_t>& audio) {
    for (size_t at = 0; at < audio.size(); at += 160) {
      clock_.Advance(absl::Milliseconds(20));
      conversation_.OnAudio(position_, Audio(audio).subspan(at, 160));
      position_ += 160;
      for (const int64_t mark : leg_.TakeDue(position_)) conversation_.OnMark(mark);
    }
  }
  void Ask(std::string_view text) {
    Hear(Tone(200));
    Hear(Quiet(200));
    stt_.Say(text);
  }
  std::vector<std::string> Texts() {
    std::vector<std::string> texts;
    for (const UtteranceEvent& one : log_.All<UtteranceEvent>()) {
      texts.push_back((one.by_agent ? "agent: " : "callee: ") + one.text +
                      (one.interrupted ? " -" : ""));
    }
    return texts;
  }

  SimulatedClock clock_;
  FakeSpeechToText stt_;
  FakeLanguageModel llm_;
  FakeTextToSpeech tts_;
  FakeToolRunner tools_;
  FakeCarrierLeg leg_;
  FakeCallLog log_;
  FakeRecorder recorder_;
  CallSpec spec_;
  ComposedConversation conversation_{spec_,
                                     {.stt = stt_,
                                      .llm = llm_,
                                      .tts = tts_,
                                      .tools = tools_,
                                      .leg = leg_,
                                      .log = log_,
                                      .clock = clock_,
                                      .recorder = &recorder_}};
  int64_t position_ = 0;
};

}  // namespace latchkey::media
