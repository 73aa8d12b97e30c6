#include "sandbox/scenario/callee.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
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

// The keys of a telephone (ITU-T Q.23).
bool AreKeys(std::string_view text) {
  return text.find_first_not_of("0123456789*#ABCD") == std::string_view::npos;
}

constexpr int64_t kSnrMax = 60;  // Beyond that nobody hears the noise.
constexpr absl::Duration kPlayMax = absl::Minutes(1);

CalleeLine ReadLine(const json::value& value, std::string place, absl::Status& error) {
  CalleeLine line;
  Fields fields(value, std::move(place), error);
  fields.Text("say", line.say);
  fields.Text("press", line.press);
  fields.Choice("play", line.play,
                {{"beep", CalleeLine::Sound::kBeep},
                 {"cough", CalleeLine::Sound::kCough},
                 {"television", CalleeLine::Sound::kTelevision}});
  fields.Milliseconds("play_ms", line.play_for);
  if (fields.Find("cut_ms") != nullptr) {
    line.cut = absl::ZeroDuration();
    fields.Milliseconds("cut_ms", line.cut);
  }
  fields.Bool("hang_up", line.hang_up);
  fields.Choice("when", line.when,
                {{"agent_stops", CalleeLine::When::kAgentStops},
                 {"agent_speaks", CalleeLine::When::kAgentSpeaks},
                 {"any_time", CalleeLine::When::kAnyTime}});
  fields.Milliseconds("after_ms", line.after);
  fields.Finish();
  if (HasDigit(line.say)) fields.Fail("say", "should spell its numbers out in words");
  if (!AreKeys(line.press)) fields.Fail("press", "should be keys of a telephone: 0-9, *, #, A-D");
  if (line.play_for > kPlayMax) fields.Fail("play_ms", "should be at most a minute");
  const int kinds = int{!line.say.empty()} + int{!line.press.empty()} +
                    int{line.play != CalleeLine::Sound::kNone};
  if (kinds > 1) fields.Fail("", "should have only one of say, press and play");
  return line;
}

Backchannel ReadBackchannel(const json::value& value, std::string place, absl::Status& error) {
  Backchannel backchannel;
  Fields fields(value, std::move(place), error);
  fields.Text("say", backchannel.say);
  fields.Milliseconds("every_ms", backchannel.every);
  fields.Finish();
  if (HasDigit(backchannel.say)) fields.Fail("say", "should spell its numbers out in words");
  return backchannel;
}

}  // namespace

std::vector<std::string> Callee::Sentences() const {
  std::vector<std::string> sentences;
  for (const CalleeLine& line : lines) {
    if (!line.say.empty()) sentences.push_back(line.say);
  }
  if (!backchannel.say.empty()) sentences.push_back(backchannel.say);
  return sentences;
}

Callee ReadCallee(const json::value& value, std::string place, absl::Status& error) {
  Callee callee;
  Fields fields(value, std::move(place), error);
  fields.Text("about", callee.about);
  fields.Choice("answer", callee.answer,
                {{"answers", Callee::Answer::kAnswers},
                 {"busy", Callee::Answer::kBusy},
                 {"no_answer", Callee::Answer::kNoAnswer},
                 {"rejects", Callee::Answer::kRejects},
                 {"unreachable", Callee::Answer::kUnreachable}});
  fields.Milliseconds("ring_ms", callee.ring);
  if (fields.Find("noise_snr_db") != nullptr) {
    int64_t snr_db = 0;
    fields.Number("noise_snr_db", snr_db);
    if (snr_db > kSnrMax) fields.Fail("noise_snr_db", "should be at most 60");
    callee.noise_snr_db = static_cast<int>(snr_db);
  }
  if (const json::value* murmurs = fields.Find("backchannel")) {
    callee.backchannel = ReadBackchannel(*murmurs, fields.Place("backchannel"), error);
  }
  fields.Bool("tones", callee.tones);
  fields.Bool("record", callee.record);
  fields.ForEach("lines", [&](const json::value& item, std::string at) {
    callee.lines.push_back(ReadLine(item, std::move(at), error));
  });
  fields.Finish();
  return callee;
}

}  // namespace latchkey::sandbox
