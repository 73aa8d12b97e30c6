#include "bench/load/call_ledger.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <set>

namespace latchkey::bench {
namespace {

namespace json = boost::json;

constexpr size_t kExamplesMax = 5;
constexpr int64_t kFramesASecond = 50;
// From the answer to the stream's first frame: TwiML is fetched and a websocket is opened.
constexpr double kSetUpSeconds = 2;

// What one entry of the log says; -1 where it says nothing.
struct Logged {
  std::string sid, status;
  int64_t answered_ms = -1, ended_ms = -1, billed = -1;
};

Logged Read(const json::object& entry) {
  const auto number = [&](std::string_view name) {
    const json::value* value = entry.if_contains(name);
    return value != nullptr && value->is_int64() ? value->get_int64() : -1;
  };
  return {entry.at("sid").as_string().c_str(), entry.at("status").as_string().c_str(),
          number("answered_after_ms"), number("ended_after_ms"), number("billed_seconds")};
}

}  // namespace

void CallLedger::NoteCallback(const std::string& sid, std::string_view status,
                              std::string_view duration) {
  Seen& seen = calls_[sid];
  seen.statuses += std::string(seen.statuses.empty() ? "" : " ") + std::string(status);
  if (duration.empty()) return;
  seen.duration = duration;
  ++ended_;
}

CallLedger::Verdict CallLedger::Judge(std::string_view log) const {
  Verdict verdict;
  const auto expect = [&verdict](bool right, const std::string& otherwise) {
    if (right) return;
    ++verdict.mistakes;
    if (verdict.examples.size() < kExamplesMax) verdict.examples.push_back(otherwise);
  };
  boost::system::error_code failed;
  const json::value parsed = json::parse(log, failed);
  expect(!failed && parsed.is_array(), "the carrier's log cannot be read");
  if (verdict.mistakes > 0) return verdict;

  std::set<std::string> logged;
  for (const json::value& value : parsed.get_array()) {
    const Logged call = Read(value.as_object());
    ++verdict.placed;
    if (call.answered_ms >= 0) ++verdict.answered;
    if (call.ended_ms >= 0) ++verdict.ended;
    verdict.billed_seconds += call.billed;
    expect(logged.insert(call.sid).second, call.sid + " stands in the log twice");
    const auto found = calls_.find(call.sid);
    expect(found != calls_.end(), call.sid + " was placed by nobody");
    if (found == calls_.end()) continue;
    const Seen& seen = found->second;
    expect(seen.placed == 1, fmt::format("{} was placed {} times", call.sid, seen.placed));
    expect(seen.streams == 1, fmt::format("{} was answered {} times", call.sid, seen.streams));
    expect(call.status == "completed", call.sid + " is " + call.status);
    expect(seen.statuses == "initiated ringing in-progress completed",
           call.sid + " told: " + seen.statuses);
    const int64_t milliseconds = call.ended_ms - call.answered_ms;
    // Its times are told in whole milliseconds, each rounded down.
    expect(
        call.billed >= (milliseconds + 998) / 1000 && call.billed <= (milliseconds + 1000) / 1000,
        fmt::format("{} is billed {} s for {} ms", call.sid, call.billed, milliseconds));
    expect(seen.duration == std::to_string(call.billed),
           fmt::format("{} told {} s and billed {} s", call.sid, seen.duration, call.billed));
    const double spoken = static_cast<double>(seen.frames) / kFramesASecond;
    const double lived = static_cast<double>(milliseconds) / 1000;
    expect(spoken <= lived + 0.1 && spoken >= lived - kSetUpSeconds,
           fmt::format("{} streamed {:.2f} s of {:.2f} s", call.sid, spoken, lived));
  }
  for (const auto& [sid, seen] : calls_) expect(logged.contains(sid), sid + " is lost");
  return verdict;
}

}  // namespace latchkey::bench
