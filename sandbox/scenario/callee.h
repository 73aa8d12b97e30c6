// Callee: a simulated person on the phone, and what that person says and does.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace latchkey::sandbox {

// What a simulated callee does next. Lines are taken in order, each once. One line has words, a
// sound or digits, or none of them.
struct CalleeLine {
  enum class When {
    kAgentStops,   // The agent has spoken since the last line and has been silent for `after`.
    kAgentSpeaks,  // The agent has been speaking for `after`: an interruption.
    kAnyTime,      // `after` the last line ended, or after the answer, whatever the agent does.
  };
  enum class Sound {
    kNone,
    kBeep,        // An answering machine's: one clear tone.
    kCough,       // Short and loud, without a voice in it.
    kTelevision,  // Voices in the background, that nobody can understand.
  };

  std::string say;    // In words that a person would say, no digits. Empty: stays silent this turn.
  std::string press;  // DTMF digits instead of words, one after the other: "1", "12#".
  Sound play = Sound::kNone;                          // A sound instead of words.
  absl::Duration play_for = absl::Milliseconds(500);  // How long the sound lasts.
  absl::Duration cut = absl::InfiniteDuration();      // The words break off here, in mid-word.
  bool hang_up = false;  // Ends the call, after the words or sound if there are any.
  When when = When::kAgentStops;
  absl::Duration after = absl::Milliseconds(700);
};

// What a listener murmurs while the agent speaks, without wanting the floor.
struct Backchannel {
  std::string say;  // Empty: listens in silence. Not in the recogniser's grammar, as filler words
                    // are left out of transcripts by default.
  absl::Duration every = absl::Seconds(2);  // Of the agent's speech.
};

struct Callee {
  enum class Answer { kAnswers, kBusy, kNoAnswer, kRejects, kUnreachable };

  std::string about;  // For people: who this is. Shown on the sandbox's page.
  Answer answer = Answer::kAnswers;
  absl::Duration ring = absl::Milliseconds(1500);
  // Noise where the callee is: in what they say, and over what they hear. So many dB below the
  // callee's voice. Absent: a quiet room.
  std::optional<int> noise_snr_db;
  Backchannel backchannel;
  bool tones = false;  // Pressed digits are also heard as tones, beside the carrier's own message.
  bool record = true;  // False under load: a recording takes a megabyte a minute.
  std::vector<CalleeLine> lines;  // After the last one the callee waits to be hung up on.

  // Everything that this callee can say, murmurs included.
  std::vector<std::string> Sentences() const;
};

// One of a scenario's "callees". What is wrong with it comes into `error`.
Callee ReadCallee(const boost::json::value& value, std::string place, absl::Status& error);

}  // namespace latchkey::sandbox
