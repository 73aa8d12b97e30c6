// Deepgram's messages: what it sends on the websocket, and the bodies of its answers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sandbox/speech/recognizer.h"

namespace latchkey::sandbox {

// A stretch of audio and what was said in it; times count from the stream's first sample.
struct Transcript {
  absl::Duration start;
  absl::Duration end;
  Recognized said;    // Its words count from `start`.
  bool final = true;  // Else it is a guess, which the next of the same `start` replaces.
  bool ended = true;  // `speech_final`: a pause was heard behind it.
  bool from_finalize = false;
};

// The same as several finals of at most `words` words each, of which only the last has ended; the
// whole when `words` is 0.
std::vector<Transcript> SplitTranscript(const Transcript& transcript, int words);

std::string ResultsMessage(const Transcript& transcript);
std::string SpeechStartedMessage(absl::Duration at);
std::string UtteranceEndMessage(absl::Duration last_word_end);
std::string MetadataMessage(absl::Duration duration);

// The answer to a whole file.
std::string FileResults(absl::Duration duration, const Recognized& said);

// The mu-law samples of a WAV file: PCM, 16 bit, 8000 Hz, one channel. kInvalidArgument otherwise.
absl::StatusOr<std::vector<uint8_t>> ParseWav(std::string_view file);

}  // namespace latchkey::sandbox
