// FakeCallParts and FakeCallStage: a call's parts, all of them fakes that a test can reach.
#pragma once

#include <memory>
#include <optional>

#include "services/media/domain/composed_conversation.h"
#include "tests/support/media/fake_ports.h"

namespace latchkey::media {

struct FakeWorld {
  FakeSpeechToText stt;
  FakeLanguageModel llm;
  FakeTextToSpeech tts;
  FakeToolRunner tools;
  FakeCarrier carrier;
  FakeCarrierLeg leg;
  FakeRecorder recorder;
  CarrierLeg::Listener* stream = nullptr;
  bool keys_wiped = false;
  bool closed = false;
  absl::Status refusal;  // Not OK: the keys are not leased.
};

class FakeCallParts final : public CallParts {
 public:
  explicit FakeCallParts(FakeWorld& world) : world_(world) {}
  std::unique_ptr<Conversation> MakeConversation(const CallSpec& spec, CallLog& log,
                                                 const Clock& clock) override {
    return std::make_unique<ComposedConversation>(
        spec, ComposedConversation::Ports{.stt = world_.stt,
                                          .llm = world_.llm,
                                          .tts = world_.tts,
                                          .tools = world_.tools,
                                          .leg = world_.leg,
                                          .log = log,
                                          .clock = clock,
                                          .recorder = &world_.recorder});
  }
  Carrier& carrier() override { return world_.carrier; }
  CarrierLeg& leg() override { return world_.leg; }
  void Listen(CarrierLeg::Listener& listener) override { world_.stream = &listener; }
  Task<std::optional<RecordingEvent>> FinishRecording() override {
    co_return RecordingEvent{.file = "call_1.wav", .duration = absl::Seconds(1)};
  }
  void WipeKeys() override { world_.keys_wiped = true; }
  Task<void> Close() override {
    world_.closed = true;
    co_return;
  }

 private:
  FakeWorld& world_;
};

class FakeCallStage final : public CallStage {
 public:
  explicit FakeCallStage(FakeWorld& world) : world_(world) {}
  Task<absl::StatusOr<std::unique_ptr<CallParts>>> Open(const CallSpec&, const Ticket&) override {
    if (!world_.refusal.ok()) co_return world_.refusal;
    std::unique_ptr<CallParts> parts = std::make_unique<FakeCallParts>(world_);
    co_return parts;
  }

 private:
  FakeWorld& world_;
};

}  // namespace latchkey::media
