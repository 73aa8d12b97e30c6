// FliteVoices: speech by flite, the small engine that Debian packages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sandbox/speech/synthesizer.h"

namespace latchkey::sandbox {

// Speaks `text`. Takes about a tenth of the time that the speech lasts, so belongs on a worker.
// flite shares data between voices and threads, so one thread is let in at a time.
absl::StatusOr<Speech> SpeakWithFlite(std::string_view voice, const std::string& text);

bool HasFliteVoice(std::string_view voice);

// How flite's American lexicon, or its letter-to-sound rules, pronounce `word`, in the phone names
// of the CMU dictionary ("HH AH L OW"), so that a recogniser may be taught words that it lacks.
std::string PronunciationOf(const std::string& word);

}  // namespace latchkey::sandbox
