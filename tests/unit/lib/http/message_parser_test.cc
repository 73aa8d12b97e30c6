#include "lib/http/message_parser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/support/status_matchers.h"

namespace latchkey::http {
namespace {

constexpr ParserLimits kLimits{.head_bytes_max = 1024, .body_bytes_max = 1024};

// Feeds `text` as a connection would, of which one more byte comes at a time; gives the body.
std::string Trickle(MessageParser& parser, const std::string& text) {
  std::string body;
  size_t used = 0;
  for (size_t there = 1; there <= text.size() && !parser.done(); ++there) {
    absl::StatusOr<size_t> took(1);
    while (took.ok() && *took > 0 && !parser.done()) {
      took = parser.Feed(std::string_view(text).substr(used, there - used));
      EXPECT_THAT(took, IsOk());
      if (took.ok()) used += *took;
    }
    if (parser.head_done()) body += std::string(parser.TakeBody());
  }
  return body;
}

TEST(MessageParserTest, AnEmptyChunkedBodyMayComeByteByByte) {
  MessageParser response = MessageParser::ForResponse(kLimits, false);
  MessageParser request = MessageParser::ForRequest(kLimits);

  Trickle(response, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  Trickle(request, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

  EXPECT_TRUE(response.done());
  EXPECT_TRUE(request.done());
}

TEST(MessageParserTest, AChunkThatLooksLikeTheLastOneIsText) {
  MessageParser response = MessageParser::ForResponse(kLimits, false);

  const std::string body = Trickle(
      response, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n0\r\n\r\n0\r\n\r\n");

  EXPECT_TRUE(response.done());
  EXPECT_EQ(body, "0\r\n");
}

}  // namespace
}  // namespace latchkey::http
