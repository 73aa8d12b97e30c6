#include "sandbox/providers/anthropic_events.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

AnthropicAnswer Said(std::string text) {
  AnthropicAnswer answer;
  answer.id = "msg_1";
  answer.model = "claude-haiku-5-5";
  answer.text = std::move(text);
  answer.output_tokens = 2;
  return answer;
}

std::string Joined(const std::vector<AnthropicPiece>& pieces) {
  std::string all;
  for (const AnthropicPiece& piece : pieces) all += piece.bytes;
  return all;
}

int Count(std::string_view text, std::string_view part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST(AnthropicEventsTest, WritesEachEventWithItsNameAndABlankLine) {
  const std::vector<AnthropicPiece> pieces = AnthropicPieces(Said(" \"ten\"\n"), 0);

  ASSERT_EQ(pieces.size(), 5u);  // Start, block, one token, block, end.
  const std::string& delta = pieces[2].bytes;
  EXPECT_THAT(delta, StartsWith("event: content_block_delta\ndata: {"));
  EXPECT_TRUE(delta.ends_with("}\n\n"));
  EXPECT_EQ(delta.find('\n', delta.find("data: ")), delta.size() - 2);
  const json::value data = json::parse(delta.substr(delta.find('{')));
  EXPECT_EQ(data.at_pointer("/delta/text"), " \"ten\"\n");
  EXPECT_EQ(data.at("index"), 0);
}

TEST(AnthropicEventsTest, AToolsInputComesInPiecesThatAreNoJson) {
  AnthropicAnswer answer = Said("Bye.");
  answer.end_call = true;

  const std::string stream = Joined(AnthropicPieces(answer, 0));

  EXPECT_THAT(stream, HasSubstr(R"("partial_json":"{"})"));
  EXPECT_THAT(stream, HasSubstr(R"("partial_json":"}"})"));
}

TEST(AnthropicEventsTest, ThinkingIsABlockOfItsOwnWithASignature) {
  AnthropicAnswer answer = Said("Yes.");
  answer.thinking = "Short.";

  const std::string stream = Joined(AnthropicPieces(answer, 0));

  EXPECT_LT(stream.find("thinking_delta"), stream.find("signature_delta"));
  EXPECT_LT(stream.find("signature_delta"), stream.find("text_delta"));
  EXPECT_THAT(stream.substr(stream.find("text_delta") - 40, 40), HasSubstr("\"index\":1"));
}

TEST(AnthropicEventsTest, PingsComeAnyNumberOfTimes) {
  EXPECT_EQ(Count(Joined(AnthropicPieces(Said("Yes, please."), 0)), "event: ping"), 1);
  EXPECT_EQ(Count(Joined(AnthropicPieces(Said("Yes, please."), 3)), "event: ping"), 7);
}

TEST(AnthropicEventsTest, AnErrorIsTheSameObjectAsInABody) {
  EXPECT_THAT(AnthropicErrorEvent(529, ""), StartsWith("event: error\ndata: {\"type\":\"error\""));
  EXPECT_THAT(AnthropicErrorEvent(529, ""), HasSubstr("overloaded_error"));
  EXPECT_THAT(AnthropicErrorEvent(500, "timeout_error"), HasSubstr("timeout_error"));
}

}  // namespace
}  // namespace latchkey::sandbox
