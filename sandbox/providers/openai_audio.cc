#include "sandbox/providers/openai_audio.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "sandbox/speech/mulaw.h"

namespace latchkey::sandbox {
namespace {

constexpr int kRatio = 3;  // 24 kHz is three times 8 kHz.

// Low-pass at 3.5 kHz of 24 kHz, so that nothing folds down: a windowed sinc (Hann's).
template <size_t kTaps>
std::array<double, kTaps> LowPass() {
  constexpr double kCutoff = 3500.0 / 24000.0;
  std::array<double, kTaps> taps{};
  for (size_t i = 0; i < kTaps; ++i) {
    const double x = static_cast<double>(i) - (kTaps - 1) / 2.0;
    const double sinc = x == 0
                            ? 2 * kCutoff
                            : std::sin(2 * std::numbers::pi * kCutoff * x) / (std::numbers::pi * x);
    taps[i] = sinc * (0.5 + 0.5 * std::cos(2 * std::numbers::pi * x / (kTaps + 1)));
  }
  return taps;
}

// ITU-T G.711, table 1: even bits inverted.
int16_t DecodeAlaw(uint8_t byte) {
  const int code = byte ^ 0x55;
  const int segment = (code >> 4) & 7;
  int magnitude = ((code & 15) << 4) + 8;
  if (segment > 0) magnitude = (magnitude + 0x100) << (segment - 1);
  return static_cast<int16_t>((code & 0x80) != 0 ? magnitude : -magnitude);
}

uint8_t EncodeAlaw(int16_t sample) {
  const int sign = sample >= 0 ? 0x80 : 0;
  const int magnitude = std::min(sample >= 0 ? int{sample} : -int{sample} - 1, 32767) >> 4;
  const int bits = static_cast<int>(std::bit_width(static_cast<unsigned>(magnitude)));
  const int segment = std::max(0, bits - 4);
  const int mantissa = (segment > 0 ? magnitude >> (segment - 1) : magnitude) & 15;
  return static_cast<uint8_t>((sign | (segment << 4) | mantissa) ^ 0x55);
}

void AppendSample(int sample, std::string& bytes) {
  bytes += static_cast<char>(sample & 0xFF);
  bytes += static_cast<char>((sample >> 8) & 0xFF);
}

}  // namespace

int64_t BytesPerMs(OpenaiAudioFormat format) { return format == OpenaiAudioFormat::kPcm ? 48 : 8; }

std::vector<uint8_t> OpenaiAudioIn::Push(std::string_view bytes) {
  if (format_ == OpenaiAudioFormat::kPcm) return PushPcm(bytes);
  std::vector<uint8_t> mulaw(bytes.begin(), bytes.end());
  if (format_ == OpenaiAudioFormat::kPcma) {
    std::ranges::transform(mulaw, mulaw.begin(),
                           [](uint8_t byte) { return EncodeMulaw(DecodeAlaw(byte)); });
  }
  return mulaw;
}

std::vector<uint8_t> OpenaiAudioIn::PushPcm(std::string_view bytes) {
  static const auto kLowPass = LowPass<kTaps>();
  odd_byte_ += bytes;
  std::vector<uint8_t> mulaw;
  mulaw.reserve(odd_byte_.size() / (2 * kRatio) + 1);
  for (size_t at = 0; at + 1 < odd_byte_.size(); at += 2) {
    const auto low = static_cast<uint8_t>(odd_byte_[at]);
    const auto high = static_cast<uint8_t>(odd_byte_[at + 1]);
    history_[newest_] = static_cast<int16_t>(low | (high << 8));
    newest_ = (newest_ + 1) % kTaps;
    phase_ = (phase_ + 1) % kRatio;
    if (phase_ != 0) continue;
    double sum = 0;
    for (size_t i = 0; i < kTaps; ++i) sum += history_[(newest_ + i) % kTaps] * kLowPass[i];
    mulaw.push_back(EncodeMulaw(static_cast<int16_t>(std::clamp(sum, -32768.0, 32767.0))));
  }
  odd_byte_.erase(0, odd_byte_.size() / 2 * 2);
  return mulaw;
}

std::string OpenaiAudioOut(OpenaiAudioFormat format, std::span<const uint8_t> mulaw) {
  std::string bytes;
  bytes.reserve(mulaw.size() * static_cast<size_t>(BytesPerMs(format)) / 8);
  int before = mulaw.empty() ? 0 : DecodeMulaw(mulaw.front());
  for (const uint8_t byte : mulaw) {
    if (format == OpenaiAudioFormat::kPcmu) {
      bytes += static_cast<char>(byte);
    } else if (format == OpenaiAudioFormat::kPcma) {
      bytes += static_cast<char>(EncodeAlaw(DecodeMulaw(byte)));
    } else {
      const int sample = DecodeMulaw(byte);  // Straight lines between the telephone's samples.
      AppendSample(before + (sample - before) / kRatio, bytes);
      AppendSample(before + (sample - before) * 2 / kRatio, bytes);
      AppendSample(sample, bytes);
      before = sample;
    }
  }
  return bytes;
}

}  // namespace latchkey::sandbox
