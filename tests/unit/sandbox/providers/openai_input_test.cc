// What a client of a Realtime session sends wrongly, and its audio.
#include "sandbox/providers/openai_audio.h"
#include "sandbox/providers/openai_turn.h"
#include "sandbox/speech/mulaw.h"
#include "tests/unit/sandbox/providers/openai_session_fixture.h"

namespace latchkey::sandbox {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Le;

class OpenaiInputTest : public OpenaiSessionFixture {
 protected:
  std::vector<Json> Update(std::string_view fields) {
    return Tell(R"({"type":"session.update","session":{)" + std::string(fields) + "}}");
  }
};

TEST_F(OpenaiInputTest, RefusesWhatIsNoEvent) {
  EXPECT_THAT(Tell("no json"), IsError("invalid_json"));
  EXPECT_THAT(Tell("[]"), IsError("invalid_json"));
  EXPECT_THAT(Tell("{}"), IsError("missing_required_parameter"));
  EXPECT_THAT(Tell(R"({"type":"output_audio_buffer.clear"})"), IsError("invalid_value"));
  EXPECT_THAT(Keep(Session().OnBinary()), IsError("invalid_event"));
}

TEST_F(OpenaiInputTest, AnUpdateNeedsItsTypeAndIsDroppedWholeWithoutIt) {
  EXPECT_THAT(Tell(R"({"type":"session.update"})"), IsError("missing_required_parameter"));
  EXPECT_THAT(Update(R"("instructions":"Be brief.")"), IsError("missing_required_parameter"));
  EXPECT_EQ(Text(all_.back(), "/error/param"), "session.type");

  const auto updated = Update(R"("type":"realtime")");

  EXPECT_NE(Text(updated[0], "/session/instructions"), "Be brief.");
}

TEST_F(OpenaiInputTest, TheBetaShapeIsRefusedWhole) {
  for (const char* fields : {R"("voice":"marin")", R"("modalities":["audio","text"])",
                             R"("input_audio_format":"g711_ulaw")", R"("temperature":0.8)",
                             R"("audio":{"input":{"vad":1}})"}) {
    EXPECT_THAT(Update(R"("type":"realtime",)" + std::string(fields)), IsError("unknown_parameter"))
        << fields;
  }
}

TEST_F(OpenaiInputTest, ValuesAreChecked) {
  for (const char* fields :
       {R"("output_modalities":["audio","text"])", R"("max_output_tokens":4097)",
        R"("audio":{"output":{"speed":2}})", R"("audio":{"output":{"voice":"bob"}})",
        R"("audio":{"input":{"format":{"type":"audio/pcm","rate":16000}}})",
        R"("audio":{"input":{"turn_detection":{"type":"vad"}}})",
        R"("audio":{"input":{"transcription":{"model":"sonic"}}})", R"("model":"gpt-realtime")"}) {
    EXPECT_THAT(Update(R"("type":"realtime",)" + std::string(fields)), IsError("invalid_value"))
        << fields;
  }
}

TEST_F(OpenaiInputTest, OnlyFieldsThatArePresentChangeAndNullTurnsOff) {
  const auto first = Update(R"("type":"realtime","audio":{"input":{"format":{"type":"audio/pcmu"},
      "transcription":{"model":"gpt-transcribe"}}})");
  const auto second = Update(R"("type":"realtime","audio":{"input":{"turn_detection":null}})");

  EXPECT_EQ(Number(first[0], "/session/audio/input/turn_detection/silence_duration_ms"), 200);
  EXPECT_EQ(Text(second[0], "/session/audio/input/format/type"), "audio/pcmu");
  EXPECT_EQ(Text(second[0], "/session/audio/output/format/type"), "audio/pcm");
  EXPECT_EQ(Text(second[0], "/session/audio/input/transcription/model"), "gpt-transcribe");
  EXPECT_TRUE(second[0].at_pointer("/session/audio/input/turn_detection").is_null());
}

TEST_F(OpenaiInputTest, TheVoiceIsFrozenAfterTheFirstAudio) {
  Say("Perfect.");
  Reply(200);

  EXPECT_THAT(Update(R"("type":"realtime","audio":{"output":{"voice":"cedar"}})"),
              IsError("cannot_update_voice"));
}

TEST_F(OpenaiInputTest, ACommitNeedsATenthOfASecond) {
  Update(R"("type":"realtime","audio":{"input":{"format":{"type":"audio/pcmu"},
      "turn_detection":null}})");
  const std::string ninety(960, '/');  // 720 bytes in base64: 90 ms.
  const std::string append = R"({"type":"input_audio_buffer.append","audio":")" + ninety + "\"}";

  EXPECT_THAT(Tell(append), IsEmpty());
  EXPECT_THAT(Tell(R"({"type":"input_audio_buffer.commit"})"),
              IsError("input_audio_buffer_commit_empty"));
  EXPECT_THAT(Tell(append), IsEmpty());
  EXPECT_THAT(Types(Tell(R"({"type":"input_audio_buffer.commit"})")),
              ElementsAre("input_audio_buffer.committed", "conversation.item.added",
                          "conversation.item.done"));
  EXPECT_THAT(Types(Tell(R"({"type":"input_audio_buffer.clear"})")),
              ElementsAre("input_audio_buffer.cleared"));
}

TEST_F(OpenaiInputTest, AudioIsBase64) {
  EXPECT_THAT(Tell(R"({"type":"input_audio_buffer.append","audio":"?"})"),
              IsError("invalid_value"));
  EXPECT_THAT(Tell(R"({"type":"input_audio_buffer.append"})"),
              IsError("missing_required_parameter"));
}

TEST(OpenaiAudioTest, EachFormatBringsBackWhatItTook) {
  std::vector<uint8_t> mulaw(1600);
  for (size_t i = 0; i < mulaw.size(); ++i) {
    mulaw[i] = EncodeMulaw(static_cast<int16_t>(8000 * std::sin(0.3 * static_cast<double>(i))));
  }
  for (const OpenaiAudioFormat format :
       {OpenaiAudioFormat::kPcm, OpenaiAudioFormat::kPcmu, OpenaiAudioFormat::kPcma}) {
    const std::string bytes = OpenaiAudioOut(format, mulaw);
    EXPECT_EQ(static_cast<int64_t>(bytes.size()), BytesPerMs(format) * 200);
    OpenaiAudioIn in(format);
    std::vector<uint8_t> back = in.Push(std::string_view(bytes).substr(0, 1001));
    const std::vector<uint8_t> rest = in.Push(std::string_view(bytes).substr(1001));
    back.insert(back.end(), rest.begin(), rest.end());
    ASSERT_EQ(back.size(), mulaw.size());
    // The low-pass of 24 kHz is late by ten samples; a tone of 380 Hz passes as loud as it was.
    const size_t late = format == OpenaiAudioFormat::kPcm ? 10 : 0;
    std::vector<int> errors;
    for (size_t i = 200; i < 1500; ++i) {
      errors.push_back(std::abs(DecodeMulaw(back[i]) - DecodeMulaw(mulaw[i - late])));
    }
    EXPECT_THAT(errors, Each(Le(1200)));
  }
}

TEST(OpenaiSemanticTurnTest, AWholeSentenceEndsTheTurnAtItsPause) {
  const absl::Time now = absl::UnixEpoch();
  OpenaiSemanticTurn turn(absl::Seconds(4));
  EXPECT_TRUE(turn.OnStarted(absl::Seconds(1)));
  turn.OnPaused(absl::Seconds(2));
  EXPECT_FALSE(turn.Over(now + absl::Hours(1)));  // Nobody knows the words yet.

  turn.OnWords("Thursday is perfect.", now);

  EXPECT_TRUE(turn.Over(now));
}

TEST(OpenaiSemanticTurnTest, AnUnfinishedOneWaitsForMore) {
  const absl::Time now = absl::UnixEpoch();
  OpenaiSemanticTurn turn(absl::Seconds(4));
  turn.OnStarted(absl::Seconds(1));
  turn.OnPaused(absl::Seconds(2));
  turn.OnWords("Hello, yes,", now);
  EXPECT_FALSE(turn.Over(now + absl::Seconds(3.9)));
  EXPECT_TRUE(turn.Over(now + absl::Seconds(4)));

  EXPECT_FALSE(turn.OnStarted(absl::Seconds(3)));
  EXPECT_FALSE(turn.Over(now + absl::Hours(1)));
  turn.OnPaused(absl::Seconds(4));
  turn.OnWords("this is Maria.", now + absl::Seconds(5));

  ASSERT_TRUE(turn.Over(now + absl::Seconds(5)));
  const OpenaiSemanticTurn::Turn whole = turn.Take();
  EXPECT_EQ(whole.words, "Hello, yes, this is Maria.");
  EXPECT_EQ(whole.start, absl::Seconds(1));
  EXPECT_EQ(whole.end, absl::Seconds(4));
  EXPECT_FALSE(turn.open());
}

}  // namespace
}  // namespace latchkey::sandbox
