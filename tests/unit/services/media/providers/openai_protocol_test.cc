#include "services/media/providers/openai_protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "lib/base/error.h"
#include "services/media/domain/failure_policy.h"
#include "services/media/domain/json_scan.h"

namespace latchkey::media {
namespace {

namespace json = boost::json;
using Kind = OpenaiServerEvent::Kind;
using ::testing::EndsWith;
using ::testing::HasSubstr;

AgentSettings Agent() {
  AgentSettings agent;
  agent.system_prompt = "You are \"Anna\".";
  agent.language = "en-US";
  return agent;
}

TEST(OpenaiProtocolTest, TheModelIsInTheAddress) {
  const http::Url base = *http::Url::Parse("https://api.openai.com");

  EXPECT_EQ(OpenaiRealtimeUrl(base, Agent()).Text(),
            "wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1");
}

TEST(OpenaiProtocolTest, ASessionIsMulawBothWaysWithTurnsAndTranscripts) {
  const json::value event = json::parse(ComposeOpenaiSetup(Agent()));

  EXPECT_EQ(event.at("type"), "session.update");
  const json::value& session = event.at("session");
  EXPECT_EQ(session.at("type"), "realtime");
  EXPECT_EQ(session.at("instructions"), "You are \"Anna\".");
  EXPECT_EQ(session.at("output_modalities"), json::array{"audio"});
  const json::value& input = session.at("audio").at("input");
  EXPECT_EQ(input.at("format").at("type"), "audio/pcmu");
  EXPECT_EQ(input.at("transcription").at("language"), "en");
  EXPECT_EQ(input.at("turn_detection").at("type"), "server_vad");
  EXPECT_EQ(input.at("turn_detection").at("silence_duration_ms"), 500);
  const json::value& output = session.at("audio").at("output");
  EXPECT_EQ(output.at("format").at("type"), "audio/pcmu");
  EXPECT_EQ(output.at("voice"), "marin");
  EXPECT_EQ(session.at("tools").at(0).at("name"), "end_call");
  EXPECT_EQ(session.at("reasoning").at("effort"), "low");
}

TEST(OpenaiProtocolTest, AnAgentChoosesSemanticTurnsAndAnOlderModelDoesNotReason) {
  AgentSettings agent = Agent();
  agent.turn_detection = TurnDetection::kSemanticVad;
  agent.realtime_model = "gpt-realtime";

  const json::value session = json::parse(ComposeOpenaiSetup(agent)).at("session");

  EXPECT_EQ(session.at("audio").at("input").at("turn_detection").at("type"), "semantic_vad");
  EXPECT_FALSE(session.as_object().contains("reasoning"));
}

TEST(OpenaiProtocolTest, CommandsAreTheEventsThatTheApiTakes) {
  EXPECT_EQ(ComposeOpenaiTruncate("item_9", 12'167),
            R"({"type":"conversation.item.truncate","event_id":"truncate","item_id":"item_9",)"
            R"("content_index":0,"audio_end_ms":1520})");
  EXPECT_EQ(ComposeOpenaiTruncate("item_9", 7),
            R"({"type":"conversation.item.delete","event_id":"delete","item_id":"item_9"})");
  EXPECT_EQ(ComposeOpenaiRespond(""), R"({"type":"response.create","event_id":"respond"})");
  EXPECT_EQ(json::parse(kOpenaiRespondInWords).at("response").at("tool_choice"), "none");
  EXPECT_EQ(json::parse(ComposeOpenaiRespond("Say \"x\"")).at("response").at("instructions"),
            "Say \"x\"");
  EXPECT_EQ(json::parse(ComposeOpenaiMessage({.by_agent = true, .text = "Hi"}))
                .at("item")
                .at("content")
                .at(0)
                .at("type"),
            "output_text");
  std::string out;
  ComposeOpenaiAudio("\xFF\xFF\xFF", out);
  EXPECT_EQ(out, R"({"type":"input_audio_buffer.append","audio":"////"})");
}

TEST(OpenaiProtocolTest, AnAudioDeltaIsFoundWhateverStandsBeforeIt) {
  const OpenaiServerEvent event = ParseOpenaiEvent(
      R"({"event_id":"event_B7","type":"response.output_audio.delta","obfuscation":"aXk3",)"
      R"("response_id":"resp_1","item_id":"item_9","output_index":0,"content_index":0,)"
      R"("delta":"\/3x+"})");

  EXPECT_EQ(event.kind, Kind::kAudio);
  EXPECT_EQ(event.response, "resp_1");
  EXPECT_EQ(event.item, "item_9");
  std::string scratch;
  EXPECT_EQ(AnyText(event.body, scratch), "/3x+");
}

TEST(OpenaiProtocolTest, ATurnAndItsWordsAreTold) {
  const OpenaiServerEvent started = ParseOpenaiEvent(
      R"({"type":"input_audio_buffer.speech_started","audio_start_ms":1020,"item_id":"item_3"})");
  EXPECT_EQ(started.kind, Kind::kSpeechStarted);
  EXPECT_EQ(started.ms, 1020);
  const OpenaiServerEvent words = ParseOpenaiEvent(
      R"({"type":"conversation.item.input_audio_transcription.completed","item_id":"item_3",)"
      R"("content_index":0,"transcript":"Hello?","usage":{"type":"tokens"}})");
  EXPECT_EQ(words.kind, Kind::kTranscribed);
  EXPECT_EQ(words.item, "item_3");
  EXPECT_EQ(words.body, "\"Hello?\"");
}

TEST(OpenaiProtocolTest, AResponseTellsItsEndAndItsTokens) {
  const OpenaiServerEvent event = ParseOpenaiEvent(
      R"({"type":"response.done","response":{"id":"resp_1","status":"completed","usage":)"
      R"({"total_tokens":253,"input_tokens":132,"output_tokens":121,"input_token_details":)"
      R"({"text_tokens":119,"audio_tokens":13,"cached_tokens":64,"cached_tokens_details":)"
      R"({"text_tokens":64,"audio_tokens":0}},"output_token_details":)"
      R"({"text_tokens":30,"audio_tokens":91}}}})");
  ASSERT_EQ(event.kind, Kind::kResponseDone);
  EXPECT_EQ(event.response, "resp_1");

  const ResponseEnd end = ParseOpenaiEnd(event.body);

  EXPECT_EQ(end.kind, ResponseEnd::Kind::kCompleted);
  EXPECT_EQ(end.usage.input_text, 119);
  EXPECT_EQ(end.usage.input_audio, 13);
  EXPECT_EQ(end.usage.cached_text, 64);
  EXPECT_EQ(end.usage.output_text, 30);
  EXPECT_EQ(end.usage.output_audio, 91);
}

TEST(OpenaiProtocolTest, AFailedResponseSaysWhenToComeBack) {
  const ResponseEnd end = ParseOpenaiEnd(
      R"({"id":"resp_1","status":"failed","status_details":{"type":"failed","error":)"
      R"({"type":"rate_limit_exceeded","code":"rate_limit_exceeded",)"
      R"("message":"Rate limit reached. Please try again in 6.2s."}}})");

  EXPECT_EQ(end.kind, ResponseEnd::Kind::kFailed);
  EXPECT_EQ(Reason(end.failure), "openai_rate_limited");
  EXPECT_EQ(Metadata(end.failure)[std::string(kRetryAfterMs)], "6200");
}

TEST(OpenaiProtocolTest, WhatIsWrongIsNamedForThePersonWhoCanMendIt) {
  const auto reason = [](std::string type, std::string code) {
    return Reason(OpenaiFailure({.type = std::move(type), .code = std::move(code)}));
  };
  EXPECT_EQ(reason("invalid_request_error", "invalid_api_key"), "openai_rejected_key");
  EXPECT_EQ(reason("insufficient_quota", "insufficient_quota"), "openai_no_credit");
  EXPECT_EQ(reason("insufficient_quota", "project_spend_limit_exceeded"), "openai_no_credit");
  EXPECT_EQ(reason("invalid_request_error", "model_not_found"), "openai_model_not_found");
  EXPECT_EQ(reason("invalid_request_error", "session_expired"), "openai_session_expired");
  EXPECT_EQ(reason("server_error", "server_is_overloaded"), "openai_overloaded");
  EXPECT_EQ(reason("invalid_request_error", "invalid_value"), "openai_refused_request");
}

TEST(OpenaiProtocolTest, ACloseSaysInItsReasonWhy) {
  const OpenaiErrorDetail error = ParseOpenaiClose("invalid_request_error.invalid_api_key");

  EXPECT_EQ(error.type, "invalid_request_error");
  EXPECT_EQ(error.code, "invalid_api_key");
  EXPECT_EQ(ParseOpenaiClose("bye").code, "");
}

TEST(OpenaiProtocolTest, OnlySomeErrorsEndTheSession) {
  EXPECT_TRUE(EndsOpenaiSession({.type = "invalid_request_error", .code = "invalid_api_key"}));
  EXPECT_TRUE(EndsOpenaiSession({.type = "invalid_request_error", .code = "session_expired"}));
  EXPECT_TRUE(EndsOpenaiSession({.code = "invalid_value", .cause = std::string(kOpenaiSetup)}));
  EXPECT_FALSE(EndsOpenaiSession({.code = "response_cancel_not_active", .cause = "cancel"}));
}

TEST(OpenaiProtocolTest, WhatIsUnknownOrBrokenIsNothing) {
  EXPECT_EQ(ParseOpenaiEvent("").kind, Kind::kOther);
  EXPECT_EQ(ParseOpenaiEvent("[1]").kind, Kind::kOther);
  EXPECT_EQ(ParseOpenaiEvent(R"({"type":"rate_limits.updated","rate_limits":[]})").kind,
            Kind::kOther);
  EXPECT_EQ(ParseOpenaiEnd("{").usage, TokenUsage{});
}

}  // namespace
}  // namespace latchkey::media
