#include "lib/base/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace latchkey::metrics {
namespace {

using ::testing::HasSubstr;

TEST(MetricsTest, TheSameNameAndLabelsGiveTheSameMetric) {
  Counter& one = MakeCounter("test_same_total", "Same.", {{"a", "1"}});
  Counter& again = MakeCounter("test_same_total", "Same.", {{"a", "1"}});
  Counter& other = MakeCounter("test_same_total", "Same.", {{"a", "2"}});

  one.Add();
  again.Add(2);

  EXPECT_EQ(&one, &again);
  EXPECT_EQ(one.value(), 3);
  EXPECT_EQ(other.value(), 0);
}

TEST(MetricsTest, CountsFromSeveralThreadsAreNotLost) {
  Counter& counter = MakeCounter("test_threads_total", "Threads.");
  const auto count = [&counter] {
    for (int i = 0; i < 10'000; ++i) counter.Add();
  };

  std::thread first(count);
  std::thread second(count);
  first.join();
  second.join();

  EXPECT_EQ(counter.value(), 20'000);
}

TEST(MetricsTest, TextIsWhatPrometheusReads) {
  MakeCounter("test_text_total", "Texts.", {{"kind", "a"}}).Add(2);
  MakeGauge("test_text_live", "Live.").Set(7);

  const std::string text = Text();

  EXPECT_THAT(text, HasSubstr("# HELP test_text_total Texts.\n# TYPE test_text_total counter\n"));
  EXPECT_THAT(text, HasSubstr("test_text_total{kind=\"a\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE test_text_live gauge\ntest_text_live 7\n"));
}

TEST(MetricsTest, AHistogramsBucketsAreCumulativeAndIncludeTheirBound) {
  Histogram& histogram = MakeHistogram("test_wait_seconds", "Waits.", {0.1, 1});

  for (const double value : {0.05, 0.1, 0.5, 20.0}) histogram.Observe(value);

  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("test_wait_seconds_bucket{le=\"0.1\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("test_wait_seconds_bucket{le=\"1\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("test_wait_seconds_bucket{le=\"+Inf\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("test_wait_seconds_count 4\n"));
}

}  // namespace
}  // namespace latchkey::metrics
