// A frame of audio goes through a call without an allocation, both ways.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "lib/base/base64.h"
#include "services/media/adapters/outbox.h"
#include "services/media/carriers/twilio_stream.h"
#include "services/media/domain/composed_conversation.h"
#include "services/media/domain/json_scan.h"
#include "services/media/domain/mulaw.h"
#include "services/media/domain/realtime_conversation.h"
#include "services/media/providers/cartesia_protocol.h"
#include "services/media/providers/openai_protocol.h"
#include "tests/support/simulated_clock.h"

namespace {
size_t allocations = 0;
}

// Counts what the whole program allocates; the tests look at differences.
void* operator new(size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace latchkey::media {
namespace {

// Ports that take everything and keep nothing.
struct QuietStt final : SpeechToText {
  void Start(Listener&) override {}
  void Hear(Audio) override {}
  void Finalize() override {}
  void Break() override {}
  void Stop() override {}
};
struct QuietLlm final : LanguageModel {
  void Start(Listener&) override {}
  void Ask(int, const Prompt&) override {}
  void Cancel() override {}
  void Stop() override {}
};
struct QuietTts final : TextToSpeech {
  void Start(Listener& told) override { listener = &told; }
  void Speak(int last_context, std::string_view, bool) override { context = last_context; }
  void Cancel(int) override {}
  void Break() override {}
  void Stop() override {}
  Listener* listener = nullptr;
  int context = 0;
};
struct QuietTools final : ToolRunner {
  void Start(Listener&) override {}
  void Run(int, const ToolUse&, absl::Duration) override {}
  void Stop() override {}
};
struct QuietLog final : CallLog {
  void Append(absl::Time, CallEvent) override {}
};
struct QuietRecorder final : Recorder {
  void Write(Audio, Audio) override {}
};
// Writes the wire's messages into an outbox, as the Twilio leg does.
struct WireLeg final : CarrierLeg {
  void Play(Audio audio) override {
    ComposeTwilioMedia("MZ1", audio, outbox.Add(Outbox::Kind::kAudio, false)->data);
    outbox.Pop();
  }
  void Mark(int64_t mark) override {
    ComposeTwilioMark("MZ1", mark, outbox.Add(Outbox::Kind::kAudio, false)->data);
    outbox.Pop();
  }
  void Close() override {}
  void Clear() override {}
  Outbox outbox{64};
};

TEST(FramePathTest, AFrameFromTheCalleeAllocatesNothing) {
  SimulatedClock clock;
  QuietStt stt;
  QuietLlm llm;
  QuietTts tts;
  QuietTools tools;
  QuietLog log;
  QuietRecorder recorder;
  WireLeg leg;
  CallSpec spec;
  ComposedConversation conversation(spec, {.stt = stt,
                                           .llm = llm,
                                           .tts = tts,
                                           .tools = tools,
                                           .leg = leg,
                                           .log = log,
                                           .clock = clock,
                                           .recorder = &recorder});
  conversation.Prepare();
  conversation.OnStreamStart();
  std::vector<uint8_t> frame(160, kSilence);
  std::string message;
  ComposeTwilioMedia("MZ1", frame, message);
  message.insert(message.find("\"payload\""), "\"timestamp\":\"20\",");
  std::string scratch;
  std::vector<uint8_t> decoded(1024);
  const auto feed = [&](int64_t i) {
    clock.Advance(absl::Milliseconds(20));
    const TwilioMessage parsed = ParseTwilioMessage(message, scratch);
    const size_t size = DecodeBase64(parsed.payload, decoded).value_or(0);
    conversation.OnAudio(i * 160, Audio(decoded).first(size));
  };
  feed(0);
  const size_t before = allocations;

  for (int64_t i = 1; i < 400; ++i) feed(i);  // Eight seconds: before anybody asks who is there.

  EXPECT_EQ(allocations - before, 0U);
}

TEST(FramePathTest, AudioForTheCalleeAllocatesNothingOnceItRuns) {
  SimulatedClock clock;
  CarrierClock carrier_clock;
  carrier_clock.Start(clock.Now());
  WireLeg leg;
  Mouth mouth;
  mouth.Attach(leg);
  mouth.Begin();
  std::vector<uint8_t> audio(800, 0x20);
  std::string chunk = R"({"type":"chunk","context_id":"call_1-7","data":")";
  AppendBase64(audio, chunk);
  chunk += "\"}";
  std::vector<uint8_t> decoded(1024);
  std::vector<uint8_t> track(160);
  const auto feed = [&] {
    const CartesiaMessage parsed = ParseCartesiaMessage(chunk);
    const size_t size = DecodeBase64(parsed.data, decoded).value_or(0);
    mouth.Play(Audio(decoded).first(size), carrier_clock.Now(clock.Now()));
    for (int i = 0; i < 5; ++i) {
      clock.Advance(absl::Milliseconds(20));
      mouth.TakePlayed(track, carrier_clock.Now(clock.Now()));
    }
  };
  for (int i = 0; i < 100; ++i) feed();
  const size_t before = allocations;

  for (int i = 0; i < 100; ++i) feed();

  EXPECT_EQ(allocations - before, 0U);
}

// Composes what it is sent for the wire, as OpenAI's adapter does.
struct WireModel final : RealtimeModel {
  void Start(Listener& told) override { listener = &told; }
  void Hear(Audio audio) override {
    ComposeOpenaiAudio({reinterpret_cast<const char*>(audio.data()), audio.size()},
                       outbox.Add(Outbox::Kind::kAudio, false)->data);
    outbox.Pop();
  }
  void Recall(const std::vector<Said>&) override {}
  void Respond(std::string_view) override {}
  void RespondInWords() override {}
  void CancelResponse() override {}
  void Truncate(std::string_view, int64_t) override {}
  void AnswerTool(std::string_view, std::string_view) override {}
  void Break() override {}
  void Stop() override {}
  Listener* listener = nullptr;
  Outbox outbox{64};
};

TEST(FramePathTest, AFrameOfARealtimeCallAllocatesNothingEitherWay) {
  SimulatedClock clock;
  WireModel model;
  QuietTools tools;
  QuietLog log;
  QuietRecorder recorder;
  WireLeg leg;
  CallSpec spec;
  RealtimeConversation conversation(spec, {.model = model,
                                           .tools = tools,
                                           .leg = leg,
                                           .log = log,
                                           .clock = clock,
                                           .recorder = &recorder});
  conversation.Prepare();
  model.listener->OnSessionReady(absl::InfiniteFuture());
  conversation.OnStreamStart();
  model.listener->OnResponse("resp_1");
  const std::vector<uint8_t> frame(160, kSilence);
  std::string delta = R"({"type":"response.output_audio.delta","response_id":"resp_1",)"
                      R"("item_id":"item_1","delta":")";
  AppendBase64(std::vector<uint8_t>(800, 0x20), delta);
  delta += "\"}";
  std::vector<uint8_t> decoded(1024);
  std::string scratch;
  int64_t position = 0;
  const auto feed = [&] {
    const OpenaiServerEvent event = ParseOpenaiEvent(delta);
    const size_t size = DecodeBase64(*AnyText(event.body, scratch), decoded).value_or(0);
    model.listener->OnAgentAudio(event.response, event.item, Audio(decoded).first(size));
    for (int i = 0; i < 5; ++i, position += 160) {
      clock.Advance(absl::Milliseconds(20));
      conversation.OnAudio(position, frame);
    }
  };
  for (int i = 0; i < 100; ++i) feed();
  const size_t before = allocations;

  for (int i = 0; i < 100; ++i) feed();

  EXPECT_EQ(allocations - before, 0U);
}

}  // namespace
}  // namespace latchkey::media
