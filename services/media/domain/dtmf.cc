#include "services/media/domain/dtmf.h"

#include <array>
#include <cmath>
#include <numbers>

#include "services/media/domain/mulaw.h"

namespace latchkey::media {
namespace {

// Twice the 40 ms that Q.24 asks of a receiver, since a codec is in between.
constexpr int kToneSamples = 800;
constexpr int kPauseSamples = 640;
// Each of the two; together well below the loudest that mu-law has.
constexpr double kAmplitude = 9'000;
constexpr double kRateHz = 8'000;

constexpr std::string_view kKeys = "123A456B789C*0#D";
constexpr std::array<double, 4> kRowsHz = {697, 770, 852, 941};
constexpr std::array<double, 4> kColumnsHz = {1'209, 1'336, 1'477, 1'633};

void AppendTone(double low_hz, double high_hz, std::vector<uint8_t>& audio) {
  constexpr double kTurn = 2 * std::numbers::pi / kRateHz;
  for (int i = 0; i < kToneSamples; ++i) {
    const double both = std::sin(kTurn * low_hz * i) + std::sin(kTurn * high_hz * i);
    audio.push_back(MulawOf(static_cast<int>(kAmplitude * both)));
  }
}

}  // namespace

std::vector<uint8_t> MakeTones(std::string_view keys) {
  std::vector<uint8_t> audio;
  for (const char key : keys) {
    const size_t place = kKeys.find(key);
    if (place == std::string_view::npos) continue;
    AppendTone(kRowsHz[place / 4], kColumnsHz[place % 4], audio);
    audio.insert(audio.end(), kPauseSamples, kSilence);
  }
  return audio;
}

}  // namespace latchkey::media
