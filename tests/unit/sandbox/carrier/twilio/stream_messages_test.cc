#include "sandbox/carrier/twilio/stream_messages.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "sandbox/speech/frame.h"
#include "tests/support/status_matchers.h"

namespace latchkey::sandbox::twilio {
namespace {

StreamMessages Messages() { return StreamMessages("MZ1", "AC1", "CA1"); }

TEST(StreamMessagesTest, NumbersAreTextsAndCountUp) {
  StreamMessages messages = Messages();
  messages.Start({});
  messages.Media(SilentFrame());

  const boost::json::value second = boost::json::parse(messages.Media(SilentFrame()));

  EXPECT_EQ(second.at("event"), "media");
  EXPECT_EQ(second.at("sequenceNumber"), "3");
  EXPECT_EQ(second.at("media").at("chunk"), "2");
  EXPECT_EQ(second.at("media").at("timestamp"), "40");
  EXPECT_EQ(second.at("media").at("payload").as_string().size(), 216u);
}

TEST(StreamMessagesTest, StartTellsTheFormatAndTheParameters) {
  StreamMessages messages = Messages();

  const boost::json::value start = boost::json::parse(messages.Start({{"token", "a\"b"}}));

  EXPECT_EQ(start.at("streamSid"), "MZ1");
  EXPECT_EQ(start.at("start").at("callSid"), "CA1");
  EXPECT_EQ(start.at("start").at("mediaFormat").at("encoding"), "audio/x-mulaw");
  EXPECT_EQ(start.at("start").at("customParameters").at("token"), "a\"b");
}

TEST(StreamMessagesTest, ReadsMediaMarkAndClear) {
  const auto media = ParseStreamCommand(
      R"({"event":"media","streamSid":"MZ1","media":{"payload":"//8A"}})", "MZ1");
  ASSERT_THAT(media, IsOk());
  EXPECT_THAT(media->audio, ::testing::ElementsAre(0xFF, 0xFF, 0));
  const auto mark =
      ParseStreamCommand(R"({"event":"mark","streamSid":"MZ1","mark":{"name":"u4"}})", "MZ1");
  ASSERT_THAT(mark, IsOk());
  EXPECT_EQ(mark->mark, "u4");
  const auto clear = ParseStreamCommand(R"({"event":"clear","streamSid":"MZ1"})", "MZ1");
  ASSERT_THAT(clear, IsOk());
  EXPECT_EQ(clear->kind, StreamCommand::Kind::kClear);
}

class BadStreamMessageTest : public ::testing::TestWithParam<const char*> {};

TEST_P(BadStreamMessageTest, IsRefused) {
  EXPECT_THAT(ParseStreamCommand(GetParam(), "MZ1"),
              StatusIs(absl::StatusCode::kInvalidArgument, "stream_31951"));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadStreamMessageTest,
    ::testing::Values("", "[]", R"({"event":"clear","streamSid":"MZ2"})", R"({"event":"clear"})",
                      R"({"event":"dtmf","streamSid":"MZ1"})",
                      R"({"event":"media","streamSid":"MZ1","media":{"payload":"*"}})",
                      R"({"event":"mark","streamSid":"MZ1"})"));

}  // namespace
}  // namespace latchkey::sandbox::twilio
