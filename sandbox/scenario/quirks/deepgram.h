// What is particular about Deepgram in a scenario.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace latchkey::sandbox {

struct DeepgramQuirks {
  enum class SpeechStarted { kOnce, kTwice, kNever };  // It is neither guaranteed nor unique.

  // Where the client asks for `interim_results`: a guess after so much speech; zero sends none,
  // which spares the recogniser's time under load.
  absl::Duration interim_every = absl::Seconds(1);
  // A final comes in pieces of so many words, each is_final, the last speech_final; 0 sends it
  // whole.
  int final_words = 0;
  absl::Duration final_delay;  // So much later than the scenario's stt_final.
  // False is a noisy line, on which endpointing never fires: only UtteranceEnd tells the end.
  bool speech_final = true;
  SpeechStarted speech_started = SpeechStarted::kOnce;
  absl::Duration finalize_min;             // Finalize is not answered when less audio is waiting.
  std::vector<std::string> denied_models;  // 403: the project has no access to them.

  absl::Duration silence_max = absl::Seconds(10);  // No message: closed with 1011 NET-0001.
  // No audio since the beginning, whatever KeepAlive says: the same.
  absl::Duration first_audio_max = absl::Seconds(30);
  absl::Duration no_audio_max;  // No audio for so long: 1011 NET-0002. Zero is never.
};

// A scenario's "quirks.deepgram". What is wrong with it comes into `error`.
DeepgramQuirks ReadDeepgramQuirks(const boost::json::value& value, std::string place,
                                  absl::Status& error);

}  // namespace latchkey::sandbox
