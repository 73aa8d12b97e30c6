// The providers' wire, as their pages show it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/media/providers/anthropic_protocol.h"
#include "services/media/providers/cartesia_protocol.h"
#include "services/media/providers/deepgram_protocol.h"

namespace latchkey::media {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(DeepgramProtocolTest, SettingsStandInTheQuery) {
  const http::Url url = DeepgramUrl(*http::Url::Parse("https://api.deepgram.com"), {});

  EXPECT_EQ(url.scheme(), "wss");
  EXPECT_THAT(url.target(), HasSubstr("/v1/listen?model=nova-3&language=en&encoding=mulaw"));
  EXPECT_THAT(url.target(), HasSubstr("interim_results=true"));
}

TEST(DeepgramProtocolTest, ResultsAreRead) {
  const DeepgramMessage message = ParseDeepgramMessage(
      R"({"type":"Results","channel_index":[0,1],"start":3.21,"duration":1.64,"is_final":true,)"
      R"("speech_final":true,"channel":{"alternatives":[{"transcript":"I'd like \"it\"",)"
      R"("confidence":0.98,"words":[]}]},"metadata":{"request_id":"5c1b"}})");

  EXPECT_EQ(message.kind, DeepgramMessage::Kind::kTranscript);
  EXPECT_EQ(message.text, "I'd like \"it\"");
  EXPECT_TRUE(message.final);
  EXPECT_TRUE(message.ended);
}

TEST(DeepgramProtocolTest, MissingFlagsAreFalseAndOthersAreIgnored) {
  const DeepgramMessage interim = ParseDeepgramMessage(
      R"({"type":"Results","channel":{"alternatives":[{"transcript":"hi"}]}})");
  EXPECT_FALSE(interim.final || interim.ended);
  EXPECT_EQ(ParseDeepgramMessage(R"({"type":"UtteranceEnd","last_word_end":4.85})").kind,
            DeepgramMessage::Kind::kUtteranceEnd);
  EXPECT_EQ(ParseDeepgramMessage(R"({"type":"Metadata"})").kind, DeepgramMessage::Kind::kOther);
  EXPECT_EQ(ParseDeepgramMessage("nonsense").kind, DeepgramMessage::Kind::kOther);
}

TEST(CartesiaProtocolTest, PiecesOfAContextDifferOnlyInTheirText) {
  AgentSettings agent;
  agent.voice_id = "f786";
  agent.language = "en-GB";
  const CartesiaComposer composer("call_1", agent);
  std::string out;

  composer.Speak(7, "Good morning, ", false, out);
  EXPECT_EQ(out,
            R"({"context_id":"call_1-7","model_id":"sonic-3.5","voice":"f786","language":"en",)"
            R"("output_format":{"container":"raw","encoding":"pcm_mulaw","sample_rate":8000},)"
            R"("max_buffer_delay_ms":0,"add_timestamps":true,"transcript":"Good morning, ",)"
            R"("continue":true})");
  composer.Speak(7, "", true, out);
  EXPECT_THAT(out, HasSubstr(R"("transcript":"","continue":false})"));
  composer.Cancel(7, out);
  EXPECT_EQ(out, R"({"context_id":"call_1-7","cancel":true})");
}

TEST(CartesiaProtocolTest, AnswersAreRead) {
  const CartesiaMessage chunk = ParseCartesiaMessage(
      R"({"type":"chunk","context_id":"call_1-7","status_code":206,"done":false,"data":"//79"})");
  EXPECT_EQ(chunk.kind, CartesiaMessage::Kind::kChunk);
  EXPECT_EQ(chunk.context, 7);
  EXPECT_EQ(chunk.data, "//79");
  const CartesiaMessage times = ParseCartesiaMessage(
      R"({"type":"timestamps","context_id":"call_1-7","word_timestamps":{"words":["Good"],)"
      R"("start":[0.02],"end":[0.28]}})");
  EXPECT_EQ(times.kind, CartesiaMessage::Kind::kTimestamps);
  EXPECT_EQ(times.words, R"(["Good"])");
  EXPECT_EQ(ParseCartesiaMessage(R"({"type":"done","context_id":"call_1-7","done":true})").kind,
            CartesiaMessage::Kind::kDone);
}

TEST(CartesiaProtocolTest, ErrorsSayWhatTheyMean) {
  const auto status = [](std::string_view text) { return ParseCartesiaMessage(text).status; };
  EXPECT_EQ(status(R"({"type":"error","context_id":"c-1","error_code":"quota_exceeded"})"), 402);
  EXPECT_EQ(status(R"({"type":"error","context_id":"c-1","status_code":429})"), 429);
  EXPECT_EQ(status(R"({"type":"error","error":"text","status_code":500})"), 500);
  EXPECT_EQ(ParseCartesiaMessage(R"({"type":"error","context_id":"other"})").context, 0);
}

TEST(AnthropicProtocolTest, TheRequestStreamsWithoutThinkingAndKnowsTheTool) {
  const std::vector<Said> history = {{.by_agent = false, .text = "Hi \"you\""},
                                     {.by_agent = true, .text = "Hello."},
                                     {.by_agent = false, .text = "Bye."}};
  const std::vector<ToolDeclaration> tools = DeclareTools({});

  const std::string body = ComposeAnthropicRequest(
      {.model = "", .system = "Be kind.", .messages = &history, .tools = &tools});

  EXPECT_THAT(body, HasSubstr(R"("model":"claude-haiku-5-5")"));
  EXPECT_THAT(body, HasSubstr(R"("stream":true)"));
  EXPECT_THAT(body, HasSubstr(R"("thinking":{"type":"disabled"})"));
  EXPECT_THAT(body, HasSubstr(R"({"role":"user","content":"Bye."})"));
  EXPECT_THAT(body, HasSubstr(R"("cache_control":{"type":"ephemeral"})"));
  EXPECT_THAT(body, HasSubstr(R"("name":"end_call")"));
  EXPECT_THAT(body, Not(HasSubstr("temperature")));
}

TEST(AnthropicProtocolTest, ALargerModelIsAskedForLittleEffort) {
  const std::vector<Said> history = {{.by_agent = false, .text = "Hi"}};

  const std::string body =
      ComposeAnthropicRequest({.model = "claude-sonnet-5-5", .system = "", .messages = &history});

  EXPECT_THAT(body, HasSubstr(R"("effort":"low")"));
  EXPECT_THAT(body, Not(HasSubstr("thinking")));
}

TEST(AnthropicProtocolTest, UsesAndTheirResultsStandInMessagesNextToEachOther) {
  std::vector<Said> history = {{.by_agent = false, .text = "Is there a slot?"},
                               {.by_agent = true, .text = "Let me look."},
                               {.by_agent = false, .text = "Thanks"}};
  history[1].uses = {{.id = "t1", .name = "find_slot", .arguments = R"({"day":"monday"})"},
                     {.id = "t2", .name = "find_slot", .arguments = "broken"}};
  history[2].results = {{.id = "t1", .content = R"({"answer":"10:00"})"},
                        {.id = "t2", .content = R"({"error":"x"})", .failed = true}};

  const std::string body =
      ComposeAnthropicRequest({.model = "", .system = "", .messages = &history});

  EXPECT_THAT(body,
              HasSubstr(R"({"role":"assistant","content":[{"type":"text","text":"Let me look."},)"
                        R"({"type":"tool_use","id":"t1","name":"find_slot",)"
                        R"("input":{"day":"monday"}},)"
                        R"({"type":"tool_use","id":"t2","name":"find_slot","input":{}}]})"));
  EXPECT_THAT(body,
              HasSubstr(R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t1",)"
                        R"("content":"{\"answer\":\"10:00\"}"},)"
                        R"({"type":"tool_result","tool_use_id":"t2",)"
                        R"("content":"{\"error\":\"x\"}","is_error":true},)"
                        R"({"type":"text","text":"Thanks"}]})"));
}

TEST(AnthropicProtocolTest, AModelThatIsToSpeakIsToldToUseNoTool) {
  const std::vector<Said> history = {{.by_agent = false, .text = "Hi"}};
  const std::vector<ToolDeclaration> tools = DeclareTools({});
  Prompt prompt{.model = "", .system = "", .messages = &history, .tools = &tools};

  EXPECT_THAT(ComposeAnthropicRequest(prompt), Not(HasSubstr("tool_choice")));
  prompt.may_use_tools = false;

  EXPECT_THAT(ComposeAnthropicRequest(prompt), HasSubstr(R"("tool_choice":{"type":"none"})"));
}

AnthropicEvent Parse(std::string event, std::string data) {
  return ParseAnthropicEvent({.event = std::move(event), .data = std::move(data), .id = ""});
}

TEST(AnthropicProtocolTest, EventsAreRead) {
  using Kind = AnthropicEvent::Kind;
  const AnthropicEvent text = Parse(
      "content_block_delta",
      R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Yes,\n"}})");
  EXPECT_EQ(text.kind, Kind::kText);
  EXPECT_EQ(text.text, "Yes,\n");
  EXPECT_EQ(
      Parse("content_block_delta", R"({"delta":{"type":"thinking_delta","thinking":"hm"}})").kind,
      Kind::kOther);
  const AnthropicEvent tool = Parse(
      "content_block_start",
      R"({"index":1,"content_block":{"type":"tool_use","id":"t","name":"end_call","input":{}}})");
  EXPECT_EQ(tool.kind, Kind::kToolBegin);
  EXPECT_EQ(tool.tool.id, "t");
  EXPECT_EQ(tool.tool.name, "end_call");
  const AnthropicEvent arguments =
      Parse("content_block_delta",
            R"({"index":1,"delta":{"type":"input_json_delta","partial_json":"{\"day\":"}})");
  EXPECT_EQ(arguments.kind, Kind::kToolArguments);
  EXPECT_EQ(arguments.text, "{\"day\":");
  EXPECT_EQ(Parse("content_block_stop", R"({"index":1})").kind, Kind::kBlockEnd);
  EXPECT_EQ(Parse("message_stop", R"({"type":"message_stop"})").kind, Kind::kDone);
  EXPECT_EQ(Parse("ping", R"({"type":"ping"})").kind, Kind::kOther);
}

TEST(AnthropicProtocolTest, AnErrorAfter200IsAFailure) {
  const AnthropicEvent event =
      Parse("error", R"({"type":"error","error":{"type":"overloaded_error","message":"x"}})");

  EXPECT_EQ(event.kind, AnthropicEvent::Kind::kFailed);
  EXPECT_EQ(event.status, 529);
}

TEST(AnthropicProtocolTest, AnEmptyBalanceIsToldFromABadRequest) {
  EXPECT_EQ(AnthropicStatus(400, "Your credit balance is too low to access"), 402);
  EXPECT_EQ(AnthropicStatus(400, "max_tokens: required"), 400);
  EXPECT_EQ(AnthropicStatus(529, ""), 529);
  EXPECT_EQ(AnthropicStatus(429, "Number of requests"), 429);
  EXPECT_EQ(AnthropicStatus(429, R"({"details":{"error_code":"enforced_spend_limit_reached"}})"),
            402);
  EXPECT_EQ(AnthropicStatus(400, R"({"details":{"error_code":"organization_on_hold"}})"), 403);
}

}  // namespace
}  // namespace latchkey::media
