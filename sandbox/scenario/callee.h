// Callee: a simulated person on the phone, and what that person says and does.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace latchkey::sandbox {

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

// One of a scenario's "callees". What is wrong with it comes into `error`.
Callee ReadCallee(const boost::json::value& value, std::string place, absl::Status& error);

}  // namespace latchkey::sandbox
