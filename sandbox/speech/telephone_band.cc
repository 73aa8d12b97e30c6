#include "sandbox/speech/telephone_band.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace latchkey::sandbox {
namespace {

constexpr double kFullScale = 32768.0;
constexpr double kPi = std::numbers::pi;

double Sinc(double x) { return x == 0 ? 1 : std::sin(kPi * x) / (kPi * x); }

// Blackman's window over -1 … 1.
double Window(double x) { return 0.42 + 0.5 * std::cos(kPi * x) + 0.08 * std::cos(2 * kPi * x); }

int16_t Clip(double sample) {
  return static_cast<int16_t>(std::lround(std::clamp(sample, -kFullScale, kFullScale - 1)));
}

// Low-pass at 3.55 kHz of 16 kHz: with this length, 3.85 kHz and above is 70 dB down.
constexpr int kNarrowHalf = 80;
std::array<double, 2 * kNarrowHalf + 1> NarrowTaps() {
  constexpr double kCutoff = 3550.0 / 8000.0;  // Of half the sample rate.
  std::array<double, 2 * kNarrowHalf + 1> taps{};
  for (int i = -kNarrowHalf; i <= kNarrowHalf; ++i) {
    taps[static_cast<size_t>(i + kNarrowHalf)] =
        kCutoff * Sinc(kCutoff * i) * Window(static_cast<double>(i) / (kNarrowHalf + 1));
  }
  return taps;
}

}  // namespace

std::vector<int16_t> NarrowBand(std::span<const int16_t> wide) {
  static const auto kTaps = NarrowTaps();
  const int count = static_cast<int>(wide.size());
  std::vector<int16_t> narrow;
  narrow.reserve(wide.size() / 2 + 1);
  for (int center = 0; center < count; center += 2) {
    double sum = 0;
    const int first = std::max(0, center - kNarrowHalf);
    const int last = std::min(count - 1, center + kNarrowHalf);
    for (int i = first; i <= last; ++i) {
      sum += wide[static_cast<size_t>(i)] * kTaps[static_cast<size_t>(i - center + kNarrowHalf)];
    }
    narrow.push_back(Clip(sum));
  }
  return narrow;
}

// The value at the middle sample of the history, or halfway to the next one.
double WideBand::Interpolate(bool between) const {
  if (!between) return history_[kHalfTaps - 1];
  static const auto kTaps = [] {
    std::array<double, 2 * kHalfTaps> taps{};
    for (size_t i = 0; i < taps.size(); ++i) {
      const double distance = static_cast<double>(i) - (kHalfTaps - 0.5);
      taps[i] = Sinc(distance) * Window(distance / kHalfTaps);
    }
    return taps;
  }();
  double sum = 0;
  for (size_t i = 0; i < kTaps.size(); ++i) sum += history_[i] * kTaps[i];
  return sum;
}

// The overdrive of sox ("overdrive 20 10"): 20 dB, soft clipping, colour 10, blocked at DC.
double WideBand::Harmonics(double sample) {
  const double hot = sample * 10.0 + 10.0 / 200.0;
  const double driven = hot < -1 ? -2.0 / 3 : hot > 1 ? 2.0 / 3 : hot - hot * hot * hot / 3;
  driven_out_ = driven - driven_in_ + 0.995 * driven_out_;
  driven_in_ = driven;
  return sample * 0.5 + driven_out_ * 0.75;
}

// Butterworth, second order, 3600 Hz at 16 kHz (Bristow-Johnson's cookbook, Q = 0.707).
double WideBand::HighPass(double sample) {
  static const double kOmega = 2 * kPi * 3600 / 16000;
  static const double kAlpha = std::sin(kOmega) / (2 * 0.70710678);
  static const double kCos = std::cos(kOmega);
  const double out =
      ((1 + kCos) / 2 * (sample - 2 * in1_ + in2_) + 2 * kCos * out1_ - (1 - kAlpha) * out2_) /
      (1 + kAlpha);
  in2_ = in1_;
  in1_ = sample;
  out2_ = out1_;
  out1_ = out;
  return out;
}

std::vector<int16_t> WideBand::Push(std::span<const int16_t> narrow) {
  std::vector<int16_t> wide;
  wide.reserve(2 * narrow.size());
  for (int16_t sample : narrow) {
    std::shift_left(history_.begin(), history_.end(), 1);
    history_.back() = sample / kFullScale;
    for (bool between : {false, true}) {
      const double plain = Interpolate(between);
      // -6 dB, and half of that in the mix.
      const double made_up = HighPass(Harmonics(plain)) * 0.501 * 0.5;
      wide.push_back(Clip((plain + made_up) * kFullScale));
    }
  }
  return wide;
}

}  // namespace latchkey::sandbox
