// What is particular about OpenAI in a scenario.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace latchkey::sandbox {

struct OpenaiModel {
  std::string id;
  std::string shutdown_date;  // YYYY-MM-DD; empty is null.
};

struct OpenaiQuirks {
  // How a session tells what the documents describe in two ways.
  enum class Refusal {
    kClose,           // An error event and a close: 4004 for a model, 1013 for credit.
    kFailedResponse,  // The session opens; response.done is `failed`.
  };

  // What the project may use; GET /v1/models lists it. Other models of OpenAI's are denied.
  std::vector<OpenaiModel> models = {{"gpt-realtime-2.1", ""}, {"gpt-realtime-2.1-mini", ""},
                                     {"gpt-realtime-2", ""},   {"gpt-realtime", "2027-01-20"},
                                     {"gpt-transcribe", ""},   {"gpt-5.5", ""}};
  Refusal model_denied = Refusal::kClose;
  Refusal no_credit = Refusal::kClose;
  absl::Duration session_limit = absl::Minutes(60);
  // How long after the utterance its transcription comes at least; the reply may overtake it.
  absl::Duration transcription_late;
  bool transcription_fails = false;  // Every one ends in …transcription.failed.
  bool obfuscation = false;          // Deltas carry a padding string.
  // Audio comes so many times faster than it plays.
  int speed = 8;

  int64_t tokens_per_minute = 40'000;  // Tier 1; rate_limits.updated counts it down.
  bool enforce_limits = false;         // rate_limit_exceeded once they are used up.

  // Null when the project may not use it.
  const OpenaiModel* FindModel(std::string_view id) const;
};

// A scenario's "quirks.openai". What is wrong with it comes into `error`.
OpenaiQuirks ReadOpenaiQuirks(const boost::json::value& value, std::string place,
                              absl::Status& error);

}  // namespace latchkey::sandbox
