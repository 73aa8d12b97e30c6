#include "sandbox/providers/cartesia_messages.h"

#include <gmock/gmock.h>

#include <boost/json/parse.hpp>

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

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
  const json::value message =
      json::parse(ChunkMessage("c", std::string_view("\xff\x7f\0\xfe", 4), 2));

  EXPECT_EQ(message.at("data"), "/38A/g==");
  EXPECT_EQ(message.at("done"), false);
  EXPECT_EQ(message.at("flush_id"), 2);
}

}  // namespace
}  // namespace latchkey::sandbox
