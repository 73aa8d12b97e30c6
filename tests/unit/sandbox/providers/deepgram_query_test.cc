#include "sandbox/providers/deepgram_query.h"

#include <gmock/gmock.h>

namespace latchkey::sandbox {
namespace {

using ::testing::HasSubstr;

http::Form Query(std::initializer_list<http::Form::Pair> more = {}) {
  http::Form query = {{"model", "nova-3"}, {"encoding", "mulaw"}, {"sample_rate", "8000"}};
  for (const http::Form::Pair& pair : more) query.Add(pair.first, pair.second);
  return query;
}

TEST(DeepgramQueryTest, ReadsWhatIsAskedFor) {
  const http::Form query = Query({{"endpointing", "300"},
                                  {"utterance_end_ms", "1000"},
                                  {"interim_results", "true"},
                                  {"vad_events", "true"}});

  ASSERT_EQ(WrongWithListen(query), "");
  const ListenOptions options = ReadListen(query);
  EXPECT_EQ(options.pause, absl::Milliseconds(300));
  EXPECT_EQ(options.utterance_end, absl::Seconds(1));
  EXPECT_TRUE(options.vad_events);
  EXPECT_TRUE(options.interim_results);
}

TEST(DeepgramQueryTest, HasTheApisOwnDefaults) {
  const ListenOptions options = ReadListen(Query());

  EXPECT_EQ(options.pause, absl::Milliseconds(10));
  EXPECT_EQ(options.utterance_end, absl::ZeroDuration());
  EXPECT_FALSE(options.vad_events);
  EXPECT_FALSE(options.interim_results);
  EXPECT_EQ(ReadListen(Query({{"endpointing", "false"}})).pause, absl::InfiniteDuration());
}

TEST(DeepgramQueryTest, RefusesWhatTheApiRefuses) {
  EXPECT_THAT(WrongWithListen({{"model", "nova-9"}}), HasSubstr("combination"));
  EXPECT_THAT(WrongWithListen({{"encoding", "linear16"}, {"sample_rate", "16000"}}),
              HasSubstr("mulaw"));
  EXPECT_THAT(WrongWithListen(Query({{"utterance_end_ms", "1000"}})), HasSubstr("interim"));
  EXPECT_THAT(WrongWithListen(Query({{"utterance_end_ms", "500"}, {"interim_results", "true"}})),
              HasSubstr("1000 to 5000"));
  EXPECT_THAT(WrongWithListen(Query({{"interim_results", "True"}})), HasSubstr("true or false"));
  EXPECT_THAT(WrongWithListen(Query({{"endpointing", "soon"}})), HasSubstr("endpointing"));
  EXPECT_THAT(WrongWithListen(Query({{"keywords", "Maria:2"}})), HasSubstr("keyterm"));
  http::Form terms = Query();
  for (int i = 0; i < 101; ++i) terms.Add("keyterm", "Maria");
  EXPECT_THAT(WrongWithListen(terms), HasSubstr("at most 100"));
}

}  // namespace
}  // namespace latchkey::sandbox
