#include "bench/load/tagged_frame.h"

namespace latchkey::bench {
namespace {

constexpr char kSilence = '\xFF';
constexpr char kHigh = '\x10', kLow = '\x90';  // About a quarter of full scale, both signs.
constexpr size_t kHalfWave = 10;               // Samples: 400 Hz at 8 kHz.
constexpr std::string_view kMagic = "\xF5\xFA";
constexpr size_t kCallNibbles = 4, kSequenceNibbles = 8;
constexpr size_t kTagBytes = 2 + 1 + kCallNibbles + kSequenceNibbles;

void PutNibbles(std::string& frame, size_t& at, uint32_t value, size_t count) {
  for (size_t i = count; i > 0; --i) {
    const uint32_t nibble = (value >> (4 * (i - 1))) & 0xF;
    frame[at++] = static_cast<char>(0xF0 | nibble);
  }
}

uint32_t GetNibbles(std::string_view frame, size_t& at, size_t count) {
  uint32_t value = 0;
  for (size_t i = 0; i < count; ++i) {
    value = value << 4 | (static_cast<unsigned char>(frame[at++]) & 0xF);
  }
  return value;
}

std::optional<FrameTag> ReadTag(std::string_view frame) {
  if (frame.size() < kFrameBytes || !frame.starts_with(kMagic)) return std::nullopt;
  size_t at = kMagic.size();
  FrameTag tag;
  tag.speech_ends = GetNibbles(frame, at, 1) == 1;
  tag.call = static_cast<uint16_t>(GetNibbles(frame, at, kCallNibbles));
  tag.sequence = GetNibbles(frame, at, kSequenceNibbles);
  return tag;
}

}  // namespace

std::string MakeFrame(const FrameTag& tag, bool voiced) {
  std::string frame(kFrameBytes, kSilence);
  if (voiced) {
    for (size_t i = kTagBytes; i < kFrameBytes; ++i) {
      frame[i] = (i / kHalfWave) % 2 == 0 ? kHigh : kLow;
    }
  }
  frame.replace(0, kMagic.size(), kMagic);
  size_t at = kMagic.size();
  PutNibbles(frame, at, tag.speech_ends ? 1 : 0, 1);
  PutNibbles(frame, at, tag.call, kCallNibbles);
  PutNibbles(frame, at, tag.sequence, kSequenceNibbles);
  return frame;
}

std::optional<FrameTag> FirstTag(std::string_view audio) { return ReadTag(audio); }

std::optional<FrameTag> LastTag(std::string_view audio) {
  if (audio.size() < kFrameBytes) return std::nullopt;
  return ReadTag(audio.substr(audio.size() / kFrameBytes * kFrameBytes - kFrameBytes));
}

bool SpeechEnds(std::string_view audio) {
  for (; audio.size() >= kFrameBytes; audio.remove_prefix(kFrameBytes)) {
    const std::optional<FrameTag> tag = FirstTag(audio);
    if (tag.has_value() && tag->speech_ends) return true;
  }
  return false;
}

bool IsVoiced(std::string_view audio) { return !audio.empty() && audio.back() != kSilence; }

}  // namespace latchkey::bench
