// Scenario: what happens in the sandbox, read from one file that people write.
//
// The file is JSON in which // comments and trailing commas are allowed; scenarios/demo.json shows
// every part of it. What is left out has the default that stands here.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sandbox/scenario/accounts.h"
#include "sandbox/scenario/callee.h"
#include "sandbox/scenario/fault.h"
#include "sandbox/scenario/provider.h"
#include "sandbox/scenario/quirks/anthropic.h"
#include "sandbox/scenario/quirks/cartesia.h"
#include "sandbox/scenario/quirks/deepgram.h"
#include "sandbox/scenario/quirks/exotel.h"
#include "sandbox/scenario/quirks/openai.h"
#include "sandbox/scenario/quirks/twilio.h"

namespace latchkey::sandbox {

// How long something takes: uniformly `mean` ± `jitter`, never below zero.
struct Latency {
  absl::Duration mean;
  absl::Duration jitter;
};

struct Latencies {
  Latency llm_first_token{absl::Milliseconds(250), absl::Milliseconds(60)};
  Latency llm_token{absl::Milliseconds(18),
                    absl::Milliseconds(6)};  // Between one word and the next.
  Latency tts_first_byte{absl::Milliseconds(90), absl::Milliseconds(20)};
  Latency stt_final{absl::Milliseconds(120), absl::Milliseconds(30)};  // From end of utterance.
  Latency probe{absl::Milliseconds(60), absl::Milliseconds(20)};       // A plain REST answer.
};

// A tool that the scripted LLM uses, if the request offers it.
struct ScriptedTool {
  std::string name;
  std::string arguments = "{}";  // A JSON object; in the file it is one.
  int times = 1;                 // So many uses in the one answer.
};

// One answer of the scripted LLM.
struct AgentReply {
  // Phrases, compared without case and punctuation. The reply is for a user's last message that
  // contains one of them; with none it is for any message. The first reply that fits is taken.
  std::vector<std::string> when;
  // Not empty: the reply is for the result of this tool, and for no words. "{answer}" in `say` is
  // replaced by what the tool answered.
  std::string after_tool;
  std::string say;
  std::vector<ScriptedTool> tools;  // After `say`, in this order.
  bool end_call = false;            // After them, the tool end_call is used.

  bool Fits(std::string_view user_message) const;
};

// A key that the provider knows. `status` 200 accepts it; any other is how each request that
// carries it is answered (401 revoked, 403 not allowed, 429 busy …), with `code` as the provider's
// own error type where it is set. A key that is not listed gets the provider's 401.
struct KnownKey {
  std::string key;
  int status = 200;
  std::string code;
};

// How each provider behaves where its documents leave it a choice, or where it surprises.
struct Quirks {
  AnthropicQuirks anthropic;
  CartesiaQuirks cartesia;
  DeepgramQuirks deepgram;
  ExotelQuirks exotel;
  OpenaiQuirks openai;
  TwilioQuirks twilio;
};

struct Scenario {
  enum class SttEngine {
    kPocketsphinx,  // A recogniser, given the callee's sentences as its grammar.
    kFingerprint,   // Knows the callees' lines by their sound; cheap enough for load.
  };

  std::string name = "unnamed";
  uint64_t seed = 1;
  SttEngine stt_engine = SttEngine::kPocketsphinx;
  std::string agent_voice = "slt";  // flite's names: slt, awb, rms, kal16
  std::string callee_voice = "rms";
  Latencies latencies;
  std::vector<AgentReply> agent;
  // The keys of AI providers; a carrier's stand with its account.
  std::map<Provider, std::vector<KnownKey>> keys;
  TwilioAccount twilio;
  ExotelAccount exotel;
  Quirks quirks;
  std::vector<Fault> faults;
  // By the number called; "*" is anybody else.
  std::map<std::string, Callee> callees;

  // The callee at `number`; one who answers and says nothing if the scenario names none.
  Callee CalleeAt(std::string_view number) const;

  // The first reply that fits, or nullptr.
  const AgentReply* ReplyTo(std::string_view user_message) const;

  // The first reply for the result of this tool, or nullptr.
  const AgentReply* ReplyToTool(std::string_view tool) const;

  // Every sentence that any callee can say, each once.
  std::vector<std::string> CalleeLines() const;
};

// kInvalidArgument `bad_scenario` says which field is wrong and what it should be. An unknown field
// is wrong too, so that a misspelt one is not silently ignored.
absl::StatusOr<Scenario> ParseScenario(std::string_view text);

// Lower case, letters, digits and apostrophes; one space between words.
std::string NormalizeWords(std::string_view text);

}  // namespace latchkey::sandbox
