#include "sandbox/providers/cartesia_messages.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

// A request that nothing is wrong with, but for what replaces a part of it.
GenerationRequest Read(std::string_view what = "", std::string_view by = "") {
  std::string text =
      R"({"model_id":"sonic-3.5","transcript":"Hello, ","voice":"v","context_id":"c",)"
      R"("continue":true,)"
      R"("output_format":{"container":"raw","encoding":"pcm_mulaw","sample_rate":8000},)"
      R"("add_timestamps":true})";
  if (!what.empty()) text.replace(text.find(what), what.size(), by);
  return ReadGeneration(text);
}

TEST(CartesiaMessagesTest, ReadsARequestAsItWasSent) {
  const GenerationRequest request = Read();

  EXPECT_EQ(request.refusal.status, 0);
  EXPECT_EQ(request.context_id, "c");
  EXPECT_EQ(request.transcript, "Hello, ");  // The space belongs to the speech.
  EXPECT_TRUE(request.more_follows);
  EXPECT_TRUE(request.timestamps);
  EXPECT_FALSE(request.cancel);
  EXPECT_FALSE(request.flush);
}

TEST(CartesiaMessagesTest, ReadsACancelWithItsContextOnly) {
  const GenerationRequest request = ReadGeneration(R"({"context_id":"c","cancel":true})");

  EXPECT_EQ(request.refusal.status, 0);
  EXPECT_TRUE(request.cancel);
}

TEST(CartesiaMessagesTest, RefusesWhatTheApiRefuses) {
  EXPECT_EQ(ReadGeneration("{nonsense").refusal.status, 400);
  EXPECT_EQ(ReadGeneration("[]").refusal.status, 400);
  EXPECT_EQ(Read(R"("context_id":"c",)").refusal.status, 400);
  EXPECT_EQ(Read(R"("voice":"v",)").refusal.status, 400);
  EXPECT_EQ(Read(R"("Hello, ")", "7").refusal.status, 400);
  EXPECT_EQ(Read(R"("model_id":"sonic-3.5",)").refusal.status, 400);
  EXPECT_EQ(Read("sonic-3.5", "sonic-2").refusal.code, "model_not_found");
  EXPECT_EQ(Read("raw", "wav").refusal.code, "unsupported_audio_format");
  EXPECT_EQ(Read("pcm_mulaw", "pcm_s16le").refusal.code, "unsupported_audio_format");
  EXPECT_EQ(Read("8000", "16000").refusal.code, "unsupported_audio_format");
}

TEST(CartesiaMessagesTest, ARefusedRequestKeepsItsContext) {
  EXPECT_EQ(Read("8000", "16000").context_id, "c");
}

TEST(CartesiaMessagesTest, CountsTimesFromTheContextsFirstSample) {
  const std::vector<SpokenWord> words = {
      {"Good", absl::Milliseconds(20), absl::Milliseconds(280)},
      {"morning,", absl::Milliseconds(310), absl::Milliseconds(740)}};

  const json::value message = json::parse(TimestampsMessage("c", words, 4000));

  EXPECT_EQ(message.at("type"), "timestamps");
  EXPECT_EQ(message.at_pointer("/word_timestamps/words/1"), "morning,");
  EXPECT_DOUBLE_EQ(message.at_pointer("/word_timestamps/start/0").as_double(), 0.52);
  EXPECT_DOUBLE_EQ(message.at_pointer("/word_timestamps/end/1").as_double(), 1.24);
}

TEST(CartesiaMessagesTest, CarriesAudioInBase64) {
  const json::value message = json::parse(ChunkMessage("c", std::string_view("\xff\x7f\0\xfe", 4)));

  EXPECT_EQ(message.at("data"), "/38A/g==");
  EXPECT_EQ(message.at("done"), false);
}

TEST(CartesiaMessagesTest, AnErrorEndsItsContextOrConcernsTheMessage) {
  const json::value of_context =
      json::parse(ErrorMessage("c", Refusal(429, "concurrency_limited", "Busy")));
  const json::value of_message = json::parse(ErrorMessage("", Refusal(400, "", "Bad")));

  EXPECT_EQ(of_context.at("context_id"), "c");
  EXPECT_EQ(of_context.at("done"), true);
  EXPECT_EQ(of_context.at("error_code"), "concurrency_limited");
  EXPECT_FALSE(of_message.as_object().contains("context_id"));
  EXPECT_TRUE(of_message.at("error_code").is_null());
}

}  // namespace
}  // namespace latchkey::sandbox
