// Metrics: counters, gauges and histograms of this process, as Prometheus reads them.
//
// Names are latchkey_<service>_<noun>_<unit>[_total], base units, fixed labels, no ids in labels.
// A metric is made once, at start, and kept by reference; using it takes no lock.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::metrics {

using Labels = std::map<std::string, std::string>;

class Counter {
 public:
  virtual ~Counter() = default;
  virtual void Add(double amount = 1) = 0;
  virtual double value() const = 0;
};

class Gauge {
 public:
  virtual ~Gauge() = default;
  virtual void Set(double value) = 0;
  virtual void Add(double amount) = 0;
  virtual double value() const = 0;
};

class Histogram {
 public:
  virtual ~Histogram() = default;
  virtual void Observe(double value) = 0;
};

// The same name and labels give the same metric. They live until the process ends.
Counter& MakeCounter(std::string_view name, std::string_view help, const Labels& labels = {});
Gauge& MakeGauge(std::string_view name, std::string_view help, const Labels& labels = {});
// `bounds` are the buckets' upper ends, ascending.
Histogram& MakeHistogram(std::string_view name, std::string_view help, std::vector<double> bounds,
                         const Labels& labels = {});

// Upper ends from 1 ms to 10 s, in seconds, for the time of an RPC or a query.
std::vector<double> LatencySeconds();

// All of them, in Prometheus' text format 0.0.4.
std::string Text();

}  // namespace latchkey::metrics
