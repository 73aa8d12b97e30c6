#include "sandbox/carrier/exotel/pcm.h"

#include "sandbox/speech/mulaw.h"

namespace latchkey::sandbox::exotel {
namespace {

constexpr int kTelephoneHz = 8000;

void Append(int sample, std::vector<uint8_t>& pcm) {
  const auto bits = static_cast<uint16_t>(static_cast<int16_t>(sample));
  pcm.push_back(static_cast<uint8_t>(bits & 0xff));
  pcm.push_back(static_cast<uint8_t>(bits >> 8));
}

int16_t SampleAt(std::span<const uint8_t> pcm, size_t index) {
  const int bits = pcm[2 * index] | (pcm[2 * index + 1] << 8);
  return static_cast<int16_t>(bits);
}

}  // namespace

std::vector<uint8_t> ToPcm(std::span<const uint8_t> mulaw, int rate_hz) {
  const int factor = rate_hz / kTelephoneHz;
  std::vector<uint8_t> pcm;
  pcm.reserve(mulaw.size() * 2 * static_cast<size_t>(factor));
  for (size_t i = 0; i < mulaw.size(); ++i) {
    const int here = DecodeMulaw(mulaw[i]);
    const int next = i + 1 < mulaw.size() ? DecodeMulaw(mulaw[i + 1]) : here;
    for (int step = 0; step < factor; ++step) Append(here + (next - here) * step / factor, pcm);
  }
  return pcm;
}

std::vector<uint8_t> ToMulaw(std::span<const uint8_t> pcm, int rate_hz) {
  const auto factor = static_cast<size_t>(rate_hz / kTelephoneHz);
  const size_t samples = pcm.size() / 2;
  std::vector<uint8_t> mulaw;
  for (size_t i = 0; i + factor <= samples; i += factor) {
    int sum = 0;
    for (size_t step = 0; step < factor; ++step) sum += SampleAt(pcm, i + step);
    mulaw.push_back(EncodeMulaw(static_cast<int16_t>(sum / static_cast<int>(factor))));
  }
  return mulaw;
}

}  // namespace latchkey::sandbox::exotel
