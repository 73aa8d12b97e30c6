// Reads a scenario's file. scenario.h says what the fields mean.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <cctype>

#include "lib/base/error.h"
#include "sandbox/scenario/fields.h"
#include "sandbox/scenario/scenario.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

constexpr std::initializer_list<std::pair<std::string_view, Provider>> kProviders = {
    {"anthropic", Provider::kAnthropic},
    {"deepgram", Provider::kDeepgram},
    {"cartesia", Provider::kCartesia},
    {"twilio", Provider::kTwilio}};

// Calls `read(item, place)` for each item of the list called `name`.
template <typename Read>
void ForEach(Fields& fields, std::string_view name, const Read& read) {
  const json::value* list = fields.Find(name);
  if (list == nullptr) return;
  if (!list->is_array()) return fields.Fail(name, "should be a list");
  int index = 0;
  for (const json::value& item : list->get_array()) {
    read(item, fmt::format("{}[{}]", fields.Place(name), index++));
  }
}

void ReadLatency(Fields& parent, std::string_view name, Latency& latency, absl::Status& error) {
  const json::value* value = parent.Find(name);
  if (value == nullptr) return;
  Fields fields(*value, parent.Place(name), error);
  fields.Milliseconds("mean_ms", latency.mean);
  latency.jitter = absl::ZeroDuration();
  fields.Milliseconds("jitter_ms", latency.jitter);
  fields.Finish();
}

void ReadLatencies(const json::value& value, Latencies& latencies, absl::Status& error) {
  Fields fields(value, "latencies", error);
  ReadLatency(fields, "llm_first_token", latencies.llm_first_token, error);
  ReadLatency(fields, "llm_token", latencies.llm_token, error);
  ReadLatency(fields, "tts_first_byte", latencies.tts_first_byte, error);
  ReadLatency(fields, "stt_final", latencies.stt_final, error);
  ReadLatency(fields, "probe", latencies.probe, error);
  fields.Finish();
}

AgentReply ReadReply(const json::value& value, std::string place, absl::Status& error) {
  AgentReply reply;
  Fields fields(value, std::move(place), error);
  fields.Texts("when", reply.when);
  fields.Text("say", reply.say);
  fields.Bool("end_call", reply.end_call);
  fields.Finish();
  return reply;
}

KnownKey ReadKey(const json::value& value, std::string place, absl::Status& error) {
  KnownKey key;
  if (value.is_string()) {
    key.key = value.get_string().c_str();
    return key;
  }
  Fields fields(value, std::move(place), error);
  fields.Text("key", key.key);
  fields.Number("status", key.status);
  fields.Text("code", key.code);
  fields.Finish();
  return key;
}

void ReadKeys(const json::value& value, Scenario& scenario, absl::Status& error) {
  Fields fields(value, "keys", error);
  for (const auto& [name, provider] : kProviders) {
    if (provider == Provider::kTwilio) continue;
    std::vector<KnownKey>& keys = scenario.keys[provider];
    ForEach(fields, name, [&](const json::value& item, std::string place) {
      keys.push_back(ReadKey(item, std::move(place), error));
    });
  }
  fields.Finish();
}

TwilioAccount ReadTwilio(const json::value& value, absl::Status& error) {
  TwilioAccount account;
  Fields fields(value, "twilio", error);
  fields.Text("account_sid", account.account_sid);
  fields.Text("auth_token", account.auth_token);
  fields.Text("friendly_name", account.friendly_name);
  fields.Text("type", account.type);
  fields.Text("status", account.status);
  fields.Texts("numbers", account.numbers);
  fields.Texts("verified_numbers", account.verified_numbers);
  fields.Texts("allowed_codes", account.allowed_codes);
  fields.Finish();
  return account;
}

Fault ReadFault(const json::value& value, std::string place, absl::Status& error) {
  Fault fault;
  Fields fields(value, std::move(place), error);
  fields.Choice("provider", fault.provider, kProviders);
  fields.Choice("moment", fault.moment,
                {{"connect", Fault::Moment::kConnect}, {"mid_stream", Fault::Moment::kMidStream}});
  fields.Choice("kind", fault.kind,
                {{"status", Fault::Kind::kStatus},
                 {"drop", Fault::Kind::kDrop},
                 {"hang", Fault::Kind::kHang}});
  fields.Number("status", fault.status);
  fields.Number("after", fault.after);
  fields.Number("times", fault.times);
  fields.Finish();
  return fault;
}

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
  ForEach(fields, "lines", [&](const json::value& item, std::string at) {
    callee.lines.push_back(ReadLine(item, std::move(at), error));
  });
  fields.Finish();
  return callee;
}

void ReadCallees(const json::value& value, Scenario& scenario, absl::Status& error) {
  Fields fields(value, "callees", error);
  if (!value.is_object()) return;
  for (const auto& entry : value.get_object()) {
    const std::string number(entry.key());
    scenario.callees[number] = ReadCallee(entry.value(), fields.Place(number), error);
  }
}

void ReadSpeech(const json::value& value, Scenario& scenario, absl::Status& error) {
  Fields fields(value, "speech", error);
  fields.Choice("stt_engine", scenario.stt_engine,
                {{"pocketsphinx", Scenario::SttEngine::kPocketsphinx},
                 {"fingerprint", Scenario::SttEngine::kFingerprint}});
  fields.Text("agent_voice", scenario.agent_voice);
  fields.Text("callee_voice", scenario.callee_voice);
  fields.Finish();
}

absl::StatusOr<json::value> ParseJson(std::string_view text) {
  json::parse_options options;
  options.allow_comments = true;
  options.allow_trailing_commas = true;
  boost::system::error_code failed;
  json::value value = json::parse(text, failed, {}, options);
  if (!failed) return value;
  return Error(absl::StatusCode::kInvalidArgument, "bad_scenario",
               fmt::format("The scenario is not JSON: {}.", failed.message()));
}

}  // namespace

absl::StatusOr<Scenario> ParseScenario(std::string_view text) {
  absl::StatusOr<json::value> value = ParseJson(text);
  if (!value.ok()) return value.status();

  Scenario scenario;
  absl::Status error;
  Fields fields(*value, "", error);
  fields.Text("name", scenario.name);
  fields.Number("seed", scenario.seed);
  if (const json::value* speech = fields.Find("speech")) ReadSpeech(*speech, scenario, error);
  if (const json::value* latencies = fields.Find("latencies")) {
    ReadLatencies(*latencies, scenario.latencies, error);
  }
  ForEach(fields, "agent", [&](const json::value& item, std::string place) {
    scenario.agent.push_back(ReadReply(item, std::move(place), error));
  });
  if (const json::value* keys = fields.Find("keys")) ReadKeys(*keys, scenario, error);
  if (const json::value* twilio = fields.Find("twilio")) {
    scenario.twilio = ReadTwilio(*twilio, error);
  }
  ForEach(fields, "faults", [&](const json::value& item, std::string place) {
    scenario.faults.push_back(ReadFault(item, std::move(place), error));
  });
  if (const json::value* callees = fields.Find("callees")) ReadCallees(*callees, scenario, error);
  fields.Finish();
  if (!error.ok()) return error;
  return scenario;
}

absl::StatusOr<Fault> ParseFault(std::string_view text) {
  absl::StatusOr<json::value> value = ParseJson(text);
  if (!value.ok()) return value.status();
  absl::Status error;
  Fault fault = ReadFault(*value, "the fault", error);
  if (!error.ok()) return error;
  return fault;
}

}  // namespace latchkey::sandbox
