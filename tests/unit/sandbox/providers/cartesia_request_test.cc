#include "sandbox/providers/cartesia_request.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

// A request that nothing is wrong with, but for what replaces a part of it.
GenerationRequest Read(std::string_view what = "", std::string_view by = "",
                       std::string_view version = "2026-08-14") {
  std::string text =
      R"({"model_id":"sonic-3.5","transcript":"Hello, ","voice":"v","context_id":"c",)"
      R"("continue":true,)"
      R"("output_format":{"container":"raw","encoding":"pcm_mulaw","sample_rate":8000},)"
      R"("add_timestamps":true})";
  if (!what.empty()) text.replace(text.find(what), what.size(), by);
  return ReadGeneration(text, version);
}

TEST(CartesiaRequestTest, ReadsARequestAsItWasSent) {
  const GenerationRequest request = Read();

  EXPECT_EQ(request.refusal.status, 0);
  EXPECT_EQ(request.context_id, "c");
  EXPECT_EQ(request.transcript, "Hello, ");  // The space belongs to the speech.
  EXPECT_TRUE(request.more_follows);
  EXPECT_TRUE(request.timestamps);
  EXPECT_FALSE(request.cancel);
  EXPECT_FALSE(request.flush);
}

TEST(CartesiaRequestTest, ReadsACancelWithItsContextOnly) {
  const GenerationRequest request =
      ReadGeneration(R"({"context_id":"c","cancel":true})", "2026-08-14");

  EXPECT_EQ(request.refusal.status, 0);
  EXPECT_TRUE(request.cancel);
}

TEST(CartesiaRequestTest, RefusesWhatTheApiRefuses) {
  EXPECT_EQ(ReadGeneration("{nonsense", "2026-08-14").refusal.status, 400);
  EXPECT_EQ(ReadGeneration("[]", "2026-08-14").refusal.status, 400);
  EXPECT_EQ(Read(R"("context_id":"c",)").refusal.status, 400);
  EXPECT_EQ(Read(R"("voice":"v",)").refusal.status, 400);
  EXPECT_EQ(Read(R"("Hello, ")", "7").refusal.status, 400);
  EXPECT_EQ(Read(R"("model_id":"sonic-3.5",)").refusal.status, 400);
  EXPECT_EQ(Read("sonic-3.5", "sonic-9").refusal.code, "model_not_found");
  EXPECT_EQ(Read("sonic-3.5", "sonic-2").refusal.code, "model_sunsetted");
  EXPECT_EQ(
      Read(R"("voice":"v")", R"("voice":"v","language":"en","locale":"en-GB")").refusal.status,
      400);
  EXPECT_EQ(Read(R"("voice":"v")", R"("voice":"v","max_buffer_delay_ms":5001)").refusal.status,
            400);
  EXPECT_EQ(Read("raw", "wav").refusal.code, "unsupported_audio_format");
  EXPECT_EQ(Read("pcm_mulaw", "pcm_s16le").refusal.code, "unsupported_audio_format");
  EXPECT_EQ(Read("8000", "16000").refusal.code, "unsupported_audio_format");
}

TEST(CartesiaRequestTest, ARefusedRequestKeepsItsContext) {
  EXPECT_EQ(Read("8000", "16000").context_id, "c");
}

TEST(CartesiaRequestTest, TheShapeOfAVoiceBelongsToTheVersion) {
  const std::string_view by_mode = R"("voice":{"mode":"id","id":"v"})";
  const std::string_view by_id = R"("voice":{"id":"v"})";

  EXPECT_EQ(Read(R"("voice":"v")", by_id).refusal.status, 0);
  EXPECT_EQ(Read(R"("voice":"v")", by_id).voice_id, "v");
  EXPECT_EQ(Read(R"("voice":"v")", by_mode, "2026-03-01").refusal.status, 0);
  EXPECT_EQ(Read(R"("voice":"v")", by_id, "2026-03-01").refusal.status, 400);
  EXPECT_EQ(Read("", "", "2026-03-01").refusal.status, 400);
}

TEST(CartesiaRequestTest, TextWaitsForThreeSecondsUnlessItIsTold) {
  EXPECT_EQ(Read().buffer_delay_max, absl::Seconds(3));
  EXPECT_EQ(Read(R"("voice":"v")", R"("voice":"v","max_buffer_delay_ms":0)").buffer_delay_max,
            absl::ZeroDuration());
}

}  // namespace
}  // namespace latchkey::sandbox
