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
  Recognized said;
  bool from_finalize = false;
};

std::string ResultsMessage(const Transcript& transcript);
std::string SpeechStartedMessage(absl::Duration at);
std::string UtteranceEndMessage(absl::Duration last_word_end);
std::string MetadataMessage(absl::Duration duration);

// The answer to a whole file.
std::string FileResults(absl::Duration duration, const Recognized& said);
std::string DeepgramError(std::string_view code, std::string_view message);

// The mu-law samples of a WAV file: PCM, 16 bit, 8000 Hz, one channel. kInvalidArgument otherwise.
absl::StatusOr<std::vector<uint8_t>> ParseWav(std::string_view file);

}  // namespace latchkey::sandbox
