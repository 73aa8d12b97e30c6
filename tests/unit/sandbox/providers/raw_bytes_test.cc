#include "sandbox/providers/raw_bytes.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox {
namespace {

TEST(RawBytesTest, HalfAChunkAnnouncesTheWhole) { EXPECT_EQ(HalfChunk("abcdef"), "6\r\nabc"); }

TEST(RawBytesTest, HalfAFrameAnnouncesTheWhole) {
  EXPECT_EQ(HalfFrame("abcd", false),
            "\x81\x04"
            "ab");
  EXPECT_EQ(HalfFrame("abcd", true), std::string("\x81\x84\0\0\0\0"
                                                 "ab",
                                                 8));
  const std::string longer = HalfFrame(std::string(600, 'x'), false);
  EXPECT_EQ(longer.substr(0, 4), std::string("\x81\x7e\x02\x58"));
  EXPECT_EQ(longer.size(), 304u);
  const std::string longest = HalfFrame(std::string(70'000, 'x'), false);
  EXPECT_EQ(longest.substr(0, 10), std::string("\x81\x7f\0\0\0\0\0\x01\x11\x70", 10));
}

TEST(RawBytesTest, AWholeAnswerHasItsLength) {
  http::Response response;
  response.status = 200;
  response.headers = {{"content-type", "text/plain"}};
  response.body = "four";

  EXPECT_EQ(WholeAnswer(response),
            "HTTP/1.1 200 Answer\r\ncontent-type: text/plain\r\nContent-Length: 4\r\n\r\nfour");
}

}  // namespace
}  // namespace latchkey::sandbox
