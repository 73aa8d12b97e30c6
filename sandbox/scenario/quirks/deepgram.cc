#include "sandbox/scenario/quirks/deepgram.h"

#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {

DeepgramQuirks ReadDeepgramQuirks(const boost::json::value& value, std::string place,
                                  absl::Status& error) {
  using SpeechStarted = DeepgramQuirks::SpeechStarted;
  DeepgramQuirks quirks;
  Fields fields(value, std::move(place), error);
  fields.Milliseconds("interim_every_ms", quirks.interim_every);
  fields.Number("final_words", quirks.final_words);
  fields.Milliseconds("final_delay_ms", quirks.final_delay);
  fields.Bool("speech_final", quirks.speech_final);
  fields.Choice("speech_started", quirks.speech_started,
                {{"once", SpeechStarted::kOnce},
                 {"twice", SpeechStarted::kTwice},
                 {"never", SpeechStarted::kNever}});
  fields.Milliseconds("finalize_min_ms", quirks.finalize_min);
  fields.Texts("denied_models", quirks.denied_models);
  fields.Milliseconds("silence_max_ms", quirks.silence_max);
  fields.Milliseconds("first_audio_max_ms", quirks.first_audio_max);
  fields.Milliseconds("no_audio_max_ms", quirks.no_audio_max);
  fields.Finish();
  return quirks;
}

}  // namespace latchkey::sandbox
