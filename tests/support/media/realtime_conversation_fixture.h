// RealtimeConversationTest: a realtime conversation with fakes around it, under a simulated clock.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "services/media/domain/lines.h"
#include "services/media/domain/realtime_conversation.h"
#include "tests/support/media/fake_ports.h"
#include "tests/support/media/fake_realtime_model.h"
#include "tests/support/simulated_clock.h"

namespace latchkey::media {

inline CallSpec RealtimeSpec() {
  CallSpec spec;
  spec.call_id = "call_1";
  spec.agent.pipeline = Pipeline::kRealtime;
  spec.agent.first_message = "Hello, this is Anna.";
  return spec;
}

class RealtimeConversationTest : public ::testing::Test {
 protected:
  explicit RealtimeConversationTest(CallSpec spec = RealtimeSpec()) : spec_(std::move(spec)) {}

  // Answers, and hears the first message to its end.
  void Answer() {
    conversation_.Prepare();
    model_.BeReady();
    conversation_.OnStreamStart();
    model_.Say("Hello, this is Anna.", 400);
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
  // The callee says `words` for 200 ms, and the model notices the end at once.
  void Ask(std::string_view words) {
    const int64_t start = position_;
    Hear(Tone(200));
    model_.Hear(start, position_, words);
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
  FakeRealtimeModel model_;
  FakeToolRunner tools_;
  FakeCarrierLeg leg_;
  FakeCallLog log_;
  FakeRecorder recorder_;
  CallSpec spec_;
  RealtimeConversation conversation_{spec_,
                                     {.model = model_,
                                      .tools = tools_,
                                      .leg = leg_,
                                      .log = log_,
                                      .clock = clock_,
                                      .recorder = &recorder_}};
  int64_t position_ = 0;
};

}  // namespace latchkey::media
