#include "sandbox/callee/heard_log.h"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <utility>

namespace latchkey::sandbox {

void HeardLog::OnFrame(const Frame& frame, int played) {
  const int64_t start = position_;
  position_ += kFrameSamples;
  if (played == 0) return;
  played_ += played;
  const bool loud = VoiceDetector::IsLoud(frame);
  if (!spans_.empty()) {
    Span& last = spans_.back();
    if (last.start + last.samples == start && last.loud == loud) {
      last.samples += played;
      return;
    }
  }
  if (spans_.size() == kEntriesMax) {
    complete_ = false;
  } else {
    spans_.push_back({start, played, loud});
  }
}

void HeardLog::OnMark(std::string name, int64_t at, bool cleared) {
  if (marks_.size() == kEntriesMax) {
    complete_ = false;
  } else {
    marks_.push_back({std::move(name), at, cleared});
  }
}

void HeardLog::OnClear(int64_t dropped) {
  if (clears_.size() == kEntriesMax) {
    complete_ = false;
  } else {
    clears_.push_back({position_, dropped});
  }
}

std::string HeardLog::ToJson() const {
  std::string spans, marks, clears;
  for (const Span& span : spans_) {
    spans += fmt::format(R"({}{{"start":{},"samples":{},"loud":{}}})", spans.empty() ? "" : ",",
                         span.start, span.samples, span.loud);
  }
  for (const Mark& mark : marks_) {
    marks +=
        fmt::format(R"({}{{"name":{},"at":{},"cleared":{}}})", marks.empty() ? "" : ",",
                    boost::json::serialize(boost::json::string(mark.name)), mark.at, mark.cleared);
  }
  for (const Clear& clear : clears_) {
    clears += fmt::format(R"({}{{"at":{},"dropped":{}}})", clears.empty() ? "" : ",", clear.at,
                          clear.dropped);
  }
  return fmt::format(
      R"({{"unit":"samples of 125 microseconds since the answer, by the carrier's clock",)"
      R"("samples":{},"played":{},"complete":{},"spans":[{}],"marks":[{}],"clears":[{}]}})",
      position_, played_, complete_, spans, marks, clears);
}

}  // namespace latchkey::sandbox
