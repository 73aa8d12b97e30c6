#include "sandbox/scenario/callee.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

// The recogniser and the voices know words only.
bool HasDigit(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
}

CalleeLine ReadLine(const json::value& value, std::string place, absl::Status& error) {
  CalleeLine line;
  Fields fields(value, std::move(place), error);
  fields.Text("say", line.say);
  fields.Text("press", line.press);
  fields.Bool("hang_up", line.hang_up);
  fields.Choice("when", line.when,
                {{"agent_stops", CalleeLine::When::kAgentStops},
                 {"agent_speaks", CalleeLine::When::kAgentSpeaks},
                 {"any_time", CalleeLine::When::kAnyTime}});
  fields.Milliseconds("after_ms", line.after);
  fields.Finish();
  if (HasDigit(line.say)) fields.Fail("say", "should spell its numbers out in words");
  return line;
}

}  // namespace

Callee ReadCallee(const json::value& value, std::string place, absl::Status& error) {
  Callee callee;
  Fields fields(value, std::move(place), error);
  fields.Choice("answer", callee.answer,
                {{"answers", Callee::Answer::kAnswers},
                 {"busy", Callee::Answer::kBusy},
                 {"no_answer", Callee::Answer::kNoAnswer},
                 {"rejects", Callee::Answer::kRejects},
                 {"unreachable", Callee::Answer::kUnreachable}});
  fields.Milliseconds("ring_ms", callee.ring);
  fields.ForEach("lines", [&](const json::value& item, std::string at) {
    callee.lines.push_back(ReadLine(item, std::move(at), error));
  });
  fields.Finish();
  return callee;
}

}  // namespace latchkey::sandbox
