// Sounds: what is heard on a telephone and is no speech: tones, coughs, a television.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "sandbox/scenario/callee.h"

namespace latchkey::sandbox {

// Mu-law, 8000 Hz, `length` long. The same every time.
std::vector<uint8_t> MakeSound(CalleeLine::Sound sound, absl::Duration length);

// The two tones of a key (ITU-T Q.23); silence for what is no key.
std::vector<uint8_t> MakeKeyTone(char key, absl::Duration length);

}  // namespace latchkey::sandbox
