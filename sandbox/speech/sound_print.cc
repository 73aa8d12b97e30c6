#include "sandbox/speech/sound_print.h"

#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "sandbox/speech/mulaw.h"

namespace latchkey::sandbox {
namespace {

constexpr size_t kWindow = 256;  // 32 ms, so that half a hop of shift hardly matters.
constexpr size_t kBands = 33;
constexpr double kLowHz = 300, kHighHz = 3400;

using Complex = std::complex<float>;

// In place, radix 2, `kWindow` points.
void Transform(std::array<Complex, kWindow>& points) {
  static const auto kTurns = [] {
    std::array<Complex, kWindow / 2> turns;
    for (size_t i = 0; i < turns.size(); ++i) {
      turns[i] = std::polar(1.0F, -2 * std::numbers::pi_v<float> * static_cast<float>(i) / kWindow);
    }
    return turns;
  }();
  for (size_t i = 1, j = 0; i < kWindow; ++i) {
    size_t bit = kWindow >> 1;
    for (; (j & bit) != 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) std::swap(points[i], points[j]);
  }
  for (size_t length = 2; length <= kWindow; length *= 2) {
    for (size_t start = 0; start < kWindow; start += length) {
      for (size_t k = 0; k < length / 2; ++k) {
        const Complex odd = points[start + k + length / 2] * kTurns[k * (kWindow / length)];
        points[start + k + length / 2] = points[start + k] - odd;
        points[start + k] += odd;
      }
    }
  }
}

// The first spectral line of each band; band b ends where b + 1 begins.
std::array<size_t, kBands + 1> MakeEdges() {
  std::array<size_t, kBands + 1> edges{};
  for (size_t band = 0; band <= kBands; ++band) {
    const double hz = kLowHz + (kHighHz - kLowHz) * static_cast<double>(band) / kBands;
    edges[band] = static_cast<size_t>(hz * kWindow / 8000);
  }
  return edges;
}

using Bands = std::array<float, kBands>;

Bands Measure(std::span<const int16_t> window) {
  static const auto kHann = [] {
    std::array<float, kWindow> hann{};
    for (size_t i = 0; i < kWindow; ++i) {
      const auto turn = static_cast<float>(i) / kWindow;
      hann[i] = 0.5F - 0.5F * std::cos(2 * std::numbers::pi_v<float> * turn);
    }
    return hann;
  }();
  static const auto kEdges = MakeEdges();
  std::array<Complex, kWindow> points;
  for (size_t i = 0; i < kWindow; ++i) points[i] = static_cast<float>(window[i]) * kHann[i];
  Transform(points);
  Bands bands{};
  for (size_t band = 0; band < kBands; ++band) {
    for (size_t line = kEdges[band]; line < kEdges[band + 1]; ++line) {
      bands[band] += std::norm(points[line]);
    }
  }
  return bands;
}

}  // namespace

std::vector<uint32_t> SoundPrint(std::span<const uint8_t> mulaw) {
  const std::vector<int16_t> samples = DecodeMulaw(mulaw);
  std::vector<uint32_t> prints;
  Bands earlier{};
  for (size_t at = 0; at + kWindow <= samples.size(); at += kPrintHop) {
    const Bands bands = Measure(std::span(samples).subspan(at, kWindow));
    uint32_t print = 0;
    for (size_t band = 0; band + 1 < kBands; ++band) {
      const float change = (bands[band] - bands[band + 1]) - (earlier[band] - earlier[band + 1]);
      print = (print << 1) | (change > 0 ? 1U : 0U);
    }
    prints.push_back(print);
    earlier = bands;
  }
  return prints;
}

}  // namespace latchkey::sandbox
