#include "sandbox/carrier/exotel/stream_messages.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

#include "tests/support/status_matchers.h"

namespace latchkey::sandbox::exotel {
namespace {

namespace json = boost::json;
using Case = ExotelQuirks::Case;
using Numbers = ExotelQuirks::Numbers;

StreamMessages Make(const ExotelQuirks& quirks) {
  return StreamMessages({.stream_sid = "st-1",
                         .call_sid = "b6f0",
                         .account_sid = "acme1",
                         .from = "09812345678",
                         .to = "08047491899",
                         .sample_rate = 8000},
                        quirks);
}

json::value Start(StreamMessages& messages) {
  return json::parse(messages.Start(*StreamUrl::Parse("wss://a.example/s?tok=x9")));
}

TEST(ExotelStreamMessagesTest, TheReferenceSpellsKeysWithUnderlinesAndNumbersAsText) {
  StreamMessages messages = Make({});

  EXPECT_EQ(messages.Connected(), R"({"event":"connected"})");
  const json::value start = Start(messages);
  EXPECT_EQ(start.at("sequence_number"), "1");
  EXPECT_EQ(start.at("stream_sid"), "st-1");
  EXPECT_EQ(start.at("start").at("call_sid"), "b6f0");
  EXPECT_EQ(start.at("start").at("custom_parameters").at("tok"), "x9");
  EXPECT_EQ(start.at("start").at("media_format").at("sample_rate"), "8000");
  EXPECT_EQ(start.at("start").at("media_format").at("bit_rate"), "128kbps");

  const std::vector<uint8_t> pcm(1600);  // 100 ms
  const json::value media = json::parse(messages.Media(pcm));
  EXPECT_EQ(media.at("media").at("chunk"), "1");
  EXPECT_EQ(media.at("media").at("timestamp"), "100");
  EXPECT_EQ(json::parse(messages.Stop("callended")).at("stop").at("reason"), "callended");
}

TEST(ExotelStreamMessagesTest, CasesAndNumbersMayBeMixed) {
  ExotelQuirks quirks;
  quirks.key_case = Case::kMixed;
  quirks.numbers = Numbers::kMixed;
  quirks.ids_at_top_only = true;
  StreamMessages messages = Make(quirks);

  const json::value start = Start(messages);
  EXPECT_EQ(start.at("streamSid"), "st-1");
  EXPECT_EQ(start.at("callSid"), "b6f0");
  EXPECT_FALSE(start.at("start").as_object().contains("callSid"));
  EXPECT_EQ(start.at("start").at("mediaFormat").at("sampleRate"), 8000);
  const std::vector<uint8_t> pcm(320);
  const json::value media = json::parse(messages.Media(pcm));
  EXPECT_EQ(media.at("stream_sid"), "st-1");
  EXPECT_EQ(media.at("sequence_number"), "2");
  EXPECT_EQ(media.at("media").at("chunk"), 1);
}

TEST(ExotelStreamMessagesTest, CamelCaseGoesAllTheWayAndTheRateMayBeWritten) {
  ExotelQuirks quirks;
  quirks.key_case = Case::kCamel;
  quirks.numbers = Numbers::kNumber;
  quirks.sample_rate = "8kHz";
  quirks.encoding = "audio/x-raw";
  StreamMessages messages = Make(quirks);

  const json::value format = Start(messages).at("start").at("mediaFormat");
  EXPECT_EQ(format.at("sampleRate"), "8kHz");
  EXPECT_EQ(format.at("encoding"), "audio/x-raw");
  EXPECT_EQ(json::parse(messages.Mark("m")).at("sequenceNumber"), 2);
  EXPECT_EQ(json::parse(messages.Dtmf("5")).at("dtmf").at("duration"), 100);
}

TEST(ExotelStreamMessagesTest, TakesAnySidAndMoreThanItNeeds) {
  const absl::StatusOr<StreamCommand> media = ParseStreamCommand(
      R"({"event":"media","streamSid":"made-up","media":{"payload":"AAEC","chunk":"1"}})");
  ASSERT_THAT(media, IsOk());
  EXPECT_EQ(media->audio, (std::vector<uint8_t>{0, 1, 2}));
  EXPECT_EQ(ParseStreamCommand(R"({"event":"mark","mark":{"name":"u"}})")->mark, "u");
  EXPECT_THAT(ParseStreamCommand(R"({"event":"clear"})"), IsOk());
}

TEST(ExotelStreamMessagesTest, RefusesNonsense) {
  for (const char* text : {"", "[]", R"({"event":"dtmf"})", R"({"event":"media"})",
                           R"({"event":"media","media":{"payload":"*"}})", R"({"event":"mark"})"}) {
    EXPECT_THAT(ParseStreamCommand(text),
                StatusIs(absl::StatusCode::kInvalidArgument, "bad_stream_message"))
        << text;
  }
}

}  // namespace
}  // namespace latchkey::sandbox::exotel
