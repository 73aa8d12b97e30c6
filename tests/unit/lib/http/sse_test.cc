#include "lib/http/sse.h"

#include <gmock/gmock.h>

#include "tests/support/status_matchers.h"

namespace latchkey::http {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<SseEvent> ParseAll(std::string_view bytes, size_t cut = 1000) {
  SseParser parser;
  std::vector<SseEvent> events;
  while (!bytes.empty()) {
    EXPECT_THAT(parser.Feed(bytes.substr(0, cut)), IsOk());
    bytes.remove_prefix(std::min(cut, bytes.size()));
    while (std::optional<SseEvent> event = parser.Next()) events.push_back(*event);
  }
  return events;
}

SseEvent Event(std::string event, std::string data, std::string id = "") {
  return SseEvent{std::move(event), std::move(data), std::move(id)};
}

TEST(SseParserTest, ReadsAnEventAsAnthropicWritesIt) {
  EXPECT_THAT(ParseAll("event: ping\ndata: {\"type\":\"ping\"}\n\n"),
              ElementsAre(Event("ping", "{\"type\":\"ping\"}")));
}

TEST(SseParserTest, DoesNotDependOnWhereTheBytesAreCut) {
  const std::string_view text =
      "\xEF\xBB\xBF: hello\r\nevent: a\r\ndata: 1\r\ndata:2\r\n\r\nid: 7\rdata\r\rdata: x\n\n";
  const auto whole = ParseAll(text);
  ASSERT_THAT(whole, ElementsAre(Event("a", "1\n2"), Event("message", "", "7"),
                                 Event("message", "x", "7")));

  for (size_t cut = 1; cut < text.size(); ++cut) EXPECT_EQ(ParseAll(text, cut), whole) << cut;
}

TEST(SseParserTest, DropsAnEventThatTheStreamDidNotFinish) {
  EXPECT_THAT(ParseAll("data: 1\n"), IsEmpty());
}

TEST(SseParserTest, DropsAnEventWithoutData) {
  EXPECT_THAT(ParseAll("event: a\n\ndata: 1\n\n"), ElementsAre(Event("message", "1")));
}

TEST(SseParserTest, IgnoresFieldsItDoesNotKnow) {
  EXPECT_THAT(ParseAll("retry: 5\nfoo: bar\ndata: 1\n\n"), ElementsAre(Event("message", "1")));
}

TEST(SseParserTest, RefusesAnEventThatNeverEnds) {
  SseParser parser(16);

  EXPECT_THAT(parser.Feed("data: 1234567890123456"),
              StatusIs(absl::StatusCode::kResourceExhausted, "event_too_large"));
}

TEST(SseParserTest, CountsAllLinesOfAnEventAgainstItsLimit) {
  SseParser parser(16);

  EXPECT_THAT(parser.Feed("data: 1234567\ndata: 1234567\n"),
              StatusIs(absl::StatusCode::kResourceExhausted, "event_too_large"));
}

TEST(SseTest, FormatsWhatItParses) {
  const SseEvent event = Event("call", "one\ntwo", "3");

  EXPECT_EQ(FormatSse(event), "event: call\nid: 3\ndata: one\ndata: two\n\n");
  EXPECT_THAT(ParseAll(FormatSse(event)), ElementsAre(event));
}

}  // namespace
}  // namespace latchkey::http
