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

namespace latchkey::sandbox {

enum class Provider { kAnthropic, kDeepgram, kCartesia, kTwilio };

std::string_view Name(Provider provider);  // "anthropic"

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

// One answer of the scripted LLM.
struct AgentReply {
  // Phrases, compared without case and punctuation. The reply is for a user's last message that
  // contains one of them; with none it is for any message. The first reply that fits is taken.
  std::vector<std::string> when;
  std::string say;
  bool end_call = false;  // After `say`, the tool end_call is used.

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

// What goes wrong, at which provider, and when.
struct Fault {
  enum class Moment {
    kConnect,    // The request or the WebSocket handshake is answered with it.
    kMidStream,  // After the first piece of the answer (token, audio, transcript) was sent.
  };
  enum class Kind {
    kStatus,  // An HTTP status at kConnect; the provider's own error message at kMidStream.
    kDrop,    // The connection is closed without a word.
    kHang,    // Nothing more is ever said; the connection stays open.
  };

  Provider provider = Provider::kAnthropic;
  Moment moment = Moment::kConnect;
  Kind kind = Kind::kStatus;
  int status = 500;  // 401, 403, 429, 500, 529 …; only for kStatus.
  int after = 0;     // So many chances for it pass unharmed first.
  int times = 1;     // So often it happens; 0 is always.
};

// What a simulated callee does next. Lines are taken in order, each once.
struct CalleeLine {
  enum class When {
    kAgentStops,   // The agent has spoken since the last line and has been silent for `after`.
    kAgentSpeaks,  // The agent has been speaking for `after`: an interruption.
    kAnyTime,      // `after` the last line ended, or after the answer, whatever the agent does.
  };

  std::string say;    // In words that a person would say, no digits. Empty: stays silent this turn.
  std::string press;  // A DTMF digit, instead of words.
  bool hang_up = false;  // Ends the call, instead of words.
  When when = When::kAgentStops;
  absl::Duration after = absl::Milliseconds(700);
};

struct Callee {
  enum class Answer { kAnswers, kBusy, kNoAnswer, kRejects, kUnreachable };

  Answer answer = Answer::kAnswers;
  absl::Duration ring = absl::Milliseconds(1500);
  std::vector<CalleeLine> lines;  // After the last one the callee waits to be hung up on.
};

// The one account that the Twilio stand-in knows.
struct TwilioAccount {
  std::string account_sid = "AC00000000000000000000000000000000";
  std::string auth_token;
  std::string friendly_name = "Sandbox";
  std::string type = "Full";         // "Trial": only `verified_numbers` can be called (21219).
  std::string status = "active";     // "suspended", "closed"
  std::vector<std::string> numbers;  // Owned, in E.164; another From is refused with 21210.
  std::vector<std::string> verified_numbers;
  // Calling codes that may be called, "+1"; others are refused with 21215. None: all may.
  std::vector<std::string> allowed_codes;
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
  std::map<Provider, std::vector<KnownKey>> keys;  // Not Twilio's: see `twilio`.
  TwilioAccount twilio;
  std::vector<Fault> faults;
  // By the number called; "*" is anybody else.
  std::map<std::string, Callee> callees;

  // The callee at `number`; one who answers and says nothing if the scenario names none.
  Callee CalleeAt(std::string_view number) const;

  // The first reply that fits, or nullptr.
  const AgentReply* ReplyTo(std::string_view user_message) const;

  // Every sentence that any callee can say, each once.
  std::vector<std::string> CalleeLines() const;
};

// kInvalidArgument `bad_scenario` says which field is wrong and what it should be. An unknown field
// is wrong too, so that a misspelt one is not silently ignored.
absl::StatusOr<Scenario> ParseScenario(std::string_view text);

// One fault, as it stands in a scenario's "faults"; for the sandbox's control endpoint.
absl::StatusOr<Fault> ParseFault(std::string_view text);

// Lower case, letters, digits and apostrophes; one space between words.
std::string NormalizeWords(std::string_view text);

}  // namespace latchkey::sandbox
