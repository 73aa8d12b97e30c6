#include "sandbox/speech/sounds.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>
#include <string_view>

#include "sandbox/speech/mulaw.h"
#include "sandbox/speech/voice_detector.h"

namespace latchkey::sandbox {
namespace {

constexpr double kRate = 8000;
constexpr double kToneLevel = 5000;   // Of 32768: about -19 dBm0 a tone.
constexpr double kCoughLevel = 9000;  // Louder than speech.
constexpr double kRoomLevel = 1200;   // A television across the room.
constexpr double kBeepHz = 1000;
constexpr double kSyllablesHz = 4;      // How quickly speech swells and ebbs.
constexpr double kRampSeconds = 0.005;  // So that nothing begins or ends with a click.

size_t Samples(absl::Duration length) {
  return static_cast<size_t>(absl::ToDoubleSeconds(length) * kRate);
}

double Wave(double hertz, size_t sample) {
  return std::sin(2 * std::numbers::pi * hertz * static_cast<double>(sample) / kRate);
}

// 0 to 1 and back.
double Ramp(size_t sample, size_t count) {
  const double from_edge =
      static_cast<double>(std::min(sample, count - 1 - sample)) / (kRampSeconds * kRate);
  return std::min(1.0, from_edge);
}

// `level` gives each sample, in units of 1 of 32768.
template <typename Level>
std::vector<uint8_t> Make(absl::Duration length, const Level& level) {
  const size_t count = Samples(length);
  std::vector<uint8_t> mulaw(count);
  for (size_t i = 0; i < count; ++i) {
    const double sample = std::clamp(level(i) * Ramp(i, count), -32000.0, 32000.0);
    mulaw[i] = EncodeMulaw(static_cast<int16_t>(sample));
  }
  return mulaw;
}

std::vector<uint8_t> Cough(absl::Duration length) {
  std::minstd_rand dice(1);
  std::normal_distribution<double> noise;
  const double decay = absl::ToDoubleSeconds(length) * kRate / 4;
  return Make(length, [&](size_t i) {
    return kCoughLevel * std::exp(-static_cast<double>(i) / decay) * noise(dice);
  });
}

// Low-pass noise that swells as syllables do: to a voice detector it is speech, to ears it is not.
std::vector<uint8_t> Television(absl::Duration length) {
  std::minstd_rand dice(2);
  std::normal_distribution<double> noise;
  double low = 0;
  return Make(length, [&](size_t i) {
    low += 0.3 * (noise(dice) - low);
    return kRoomLevel * 3 * low * (0.6 + 0.4 * Wave(kSyllablesHz, i));
  });
}

}  // namespace

std::vector<uint8_t> MakeSound(CalleeLine::Sound sound, absl::Duration length) {
  switch (sound) {
    case CalleeLine::Sound::kBeep:
      return Make(length, [](size_t i) { return kToneLevel * Wave(kBeepHz, i); });
    case CalleeLine::Sound::kCough:
      return Cough(length);
    case CalleeLine::Sound::kTelevision:
      return Television(length);
    case CalleeLine::Sound::kNone:
      break;
  }
  return {};
}

std::vector<uint8_t> MakeKeyTone(char key, absl::Duration length) {
  constexpr std::string_view kKeys = "123A456B789C*0#D";
  constexpr std::array<double, 4> kRows = {697, 770, 852, 941};
  constexpr std::array<double, 4> kColumns = {1209, 1336, 1477, 1633};
  const size_t at = kKeys.find(key);
  if (at == std::string_view::npos) return std::vector<uint8_t>(Samples(length), kMulawSilence);
  return Make(length, [&](size_t i) {
    return kToneLevel * (Wave(kRows[at / 4], i) + Wave(kColumns[at % 4], i));
  });
}

}  // namespace latchkey::sandbox
