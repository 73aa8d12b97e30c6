// Reads a scenario's file. scenario.h says what the fields mean.
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "sandbox/scenario/fields.h"
#include "sandbox/scenario/scenario.h"

namespace latchkey::sandbox {
namespace {

namespace json = boost::json;

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

ScriptedTool ReadTool(const json::value& value, std::string place, absl::Status& error) {
  ScriptedTool tool;
  Fields fields(value, std::move(place), error);
  fields.Text("name", tool.name);
  if (const json::value* arguments = fields.Find("arguments")) {
    if (!arguments->is_object()) fields.Fail("arguments", "should be an object");
    tool.arguments = json::serialize(*arguments);
  }
  fields.Number("times", tool.times);
  fields.Finish();
  return tool;
}

AgentReply ReadReply(const json::value& value, std::string place, absl::Status& error) {
  AgentReply reply;
  Fields fields(value, std::move(place), error);
  fields.Texts("when", reply.when);
  fields.Text("after_tool", reply.after_tool);
  fields.Text("say", reply.say);
  fields.ForEach("tools", [&](const json::value& item, std::string where) {
    reply.tools.push_back(ReadTool(item, std::move(where), error));
  });
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
    if (provider == Provider::kTwilio || provider == Provider::kExotel) continue;
    std::vector<KnownKey>& keys = scenario.keys[provider];
    fields.ForEach(name, [&](const json::value& item, std::string place) {
      keys.push_back(ReadKey(item, std::move(place), error));
    });
  }
  fields.Finish();
}

void ReadCallees(const json::value& value, Scenario& scenario, absl::Status& error) {
  Fields fields(value, "callees", error);
  if (!value.is_object()) return;
  for (const auto& entry : value.get_object()) {
    const std::string number(entry.key());
    scenario.callees[number] = ReadCallee(entry.value(), fields.Place(number), error);
  }
}

void ReadQuirks(const json::value& value, Quirks& quirks, absl::Status& error) {
  Fields fields(value, "quirks", error);
  const auto read = [&](std::string_view name, auto reader, auto& member) {
    const json::value* one = fields.Find(name);
    if (one != nullptr) member = reader(*one, fields.Place(name), error);
  };
  read("anthropic", ReadAnthropicQuirks, quirks.anthropic);
  read("cartesia", ReadCartesiaQuirks, quirks.cartesia);
  read("deepgram", ReadDeepgramQuirks, quirks.deepgram);
  read("exotel", ReadExotelQuirks, quirks.exotel);
  read("openai", ReadOpenaiQuirks, quirks.openai);
  read("twilio", ReadTwilioQuirks, quirks.twilio);
  fields.Finish();
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

}  // namespace

absl::StatusOr<Scenario> ParseScenario(std::string_view text) {
  absl::StatusOr<json::value> value = ParseScenarioJson(text);
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
  fields.ForEach("agent", [&](const json::value& item, std::string place) {
    scenario.agent.push_back(ReadReply(item, std::move(place), error));
  });
  if (const json::value* keys = fields.Find("keys")) ReadKeys(*keys, scenario, error);
  if (const json::value* twilio = fields.Find("twilio")) {
    scenario.twilio = ReadTwilioAccount(*twilio, error);
  }
  if (const json::value* exotel = fields.Find("exotel")) {
    scenario.exotel = ReadExotelAccount(*exotel, error);
  }
  if (const json::value* quirks = fields.Find("quirks")) {
    ReadQuirks(*quirks, scenario.quirks, error);
  }
  fields.ForEach("faults", [&](const json::value& item, std::string place) {
    scenario.faults.push_back(ReadFault(item, std::move(place), error));
  });
  if (const json::value* callees = fields.Find("callees")) ReadCallees(*callees, scenario, error);
  fields.Finish();
  if (!error.ok()) return error;
  return scenario;
}

}  // namespace latchkey::sandbox
