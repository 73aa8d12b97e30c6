// The formats of a Realtime session's audio, to and from the sandbox's telephone audio.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace latchkey::sandbox {

enum class OpenaiAudioFormat {
  kPcm,   // "audio/pcm": 24 kHz, 16 bit, little endian.
  kPcmu,  // "audio/pcmu": G.711 mu-law, 8 kHz.
  kPcma,  // "audio/pcma": G.711 A-law, 8 kHz.
};

// How many bytes one millisecond takes.
int64_t BytesPerMs(OpenaiAudioFormat format);

// From a session's bytes to mu-law at 8 kHz, in pieces of any size. One per stream.
class OpenaiAudioIn {
 public:
  explicit OpenaiAudioIn(OpenaiAudioFormat format) : format_(format) {}
  std::vector<uint8_t> Push(std::string_view bytes);

 private:
  static constexpr size_t kTaps = 63;

  std::vector<uint8_t> PushPcm(std::string_view bytes);

  OpenaiAudioFormat format_;
  std::array<double, kTaps> history_{};
  size_t newest_ = 0;
  int phase_ = 0;         // Every third sample is kept.
  std::string odd_byte_;  // Half a sample.
};

// From mu-law at 8 kHz to a session's bytes.
std::string OpenaiAudioOut(OpenaiAudioFormat format, std::span<const uint8_t> mulaw);

}  // namespace latchkey::sandbox
