#include "lib/base/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <utility>

#include "lib/base/check.h"

namespace latchkey::metrics {
namespace {

void AddTo(std::atomic<double>& sum, double amount) {
  double before = sum.load(std::memory_order_relaxed);
  while (!sum.compare_exchange_weak(before, before + amount, std::memory_order_relaxed)) {
  }
}

// One metric as the serializer wants it.
class Cell {
 public:
  virtual ~Cell() = default;
  virtual prometheus::ClientMetric Collect() const = 0;
};

class CounterCell final : public Counter, public Cell {
 public:
  void Add(double amount) override { AddTo(value_, amount); }
  double value() const override { return value_.load(std::memory_order_relaxed); }
  prometheus::ClientMetric Collect() const override {
    prometheus::ClientMetric metric;
    metric.counter.value = value();
    return metric;
  }

 private:
  std::atomic<double> value_ = 0;
};

class GaugeCell final : public Gauge, public Cell {
 public:
  void Set(double value) override { value_.store(value, std::memory_order_relaxed); }
  void Add(double amount) override { AddTo(value_, amount); }
  double value() const override { return value_.load(std::memory_order_relaxed); }
  prometheus::ClientMetric Collect() const override {
    prometheus::ClientMetric metric;
    metric.gauge.value = value();
    return metric;
  }

 private:
  std::atomic<double> value_ = 0;
};

// Not prometheus-cpp's own histogram, which locks a mutex for each value.
class HistogramCell final : public Histogram, public Cell {
 public:
  explicit HistogramCell(std::vector<double> bounds)
      : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {
    Check(std::ranges::is_sorted(bounds_), "a histogram's bounds ascend");
  }

  void Observe(double value) override {
    const auto bucket = std::ranges::lower_bound(bounds_, value) - bounds_.begin();
    counts_[static_cast<size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
    AddTo(sum_, value);
  }

  prometheus::ClientMetric Collect() const override {
    prometheus::ClientMetric metric;
    uint64_t below = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      below += counts_[i].load(std::memory_order_relaxed);
      prometheus::ClientMetric::Bucket bucket;
      bucket.cumulative_count = below;
      bucket.upper_bound =
          i < bounds_.size() ? bounds_[i] : std::numeric_limits<double>::infinity();
      metric.histogram.bucket.push_back(bucket);
    }
    metric.histogram.sample_count = below;
    metric.histogram.sample_sum = sum_.load(std::memory_order_relaxed);
    return metric;
  }

 private:
  const std::vector<double> bounds_;
  std::vector<std::atomic<uint64_t>> counts_;  // The last one: above every bound.
  std::atomic<double> sum_ = 0;
};

struct Family {
  std::string help;
  prometheus::MetricType type = prometheus::MetricType::Untyped;
  std::map<Labels, std::unique_ptr<Cell>> cells;
};

// Locked when a metric is made and when all are read, never when one is used.
struct Registry {
  std::mutex mutex;
  std::map<std::string, Family, std::less<>> families;
};

// Never destroyed: threads may count until the process ends.
Registry& TheRegistry() {
  static auto& registry = *std::make_unique<Registry>().release();
  return registry;
}

template <typename T, typename... Arguments>
T& MakeCell(prometheus::MetricType type, std::string_view name, std::string_view help,
            const Labels& labels, Arguments... arguments) {
  Registry& registry = TheRegistry();
  const std::lock_guard lock(registry.mutex);
  Family& family = registry.families[std::string(name)];
  if (family.cells.empty()) {
    family.help = help;
    family.type = type;
  }
  Check(family.type == type, "a metric's name stands for one kind of metric");
  std::unique_ptr<Cell>& cell = family.cells[labels];
  if (cell == nullptr) cell = std::make_unique<T>(std::move(arguments)...);
  return dynamic_cast<T&>(*cell);
}

prometheus::MetricFamily Collect(const std::string& name, const Family& family) {
  prometheus::MetricFamily collected;
  collected.name = name;
  collected.help = family.help;
  collected.type = family.type;
  for (const auto& [labels, cell] : family.cells) {
    prometheus::ClientMetric metric = cell->Collect();
    for (const auto& [label, value] : labels) metric.label.push_back({label, value});
    collected.metric.push_back(std::move(metric));
  }
  return collected;
}

}  // namespace

Counter& MakeCounter(std::string_view name, std::string_view help, const Labels& labels) {
  return MakeCell<CounterCell>(prometheus::MetricType::Counter, name, help, labels);
}

Gauge& MakeGauge(std::string_view name, std::string_view help, const Labels& labels) {
  return MakeCell<GaugeCell>(prometheus::MetricType::Gauge, name, help, labels);
}

Histogram& MakeHistogram(std::string_view name, std::string_view help, std::vector<double> bounds,
                         const Labels& labels) {
  return MakeCell<HistogramCell>(prometheus::MetricType::Histogram, name, help, labels,
                                 std::move(bounds));
}

std::vector<double> LatencySeconds() {
  return {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

std::string Text() {
  Registry& registry = TheRegistry();
  std::vector<prometheus::MetricFamily> families;
  {
    const std::lock_guard lock(registry.mutex);
    for (const auto& [name, family] : registry.families) families.push_back(Collect(name, family));
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace latchkey::metrics
