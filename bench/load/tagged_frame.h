// Tagged frame: 20 ms of telephone audio that carries its own number, so that its way can be timed.
//
// The tag is written in mu-law codes next to zero (0xF0 to 0xFF, below 1 % of full scale), so that
// a voice detector hears silence where the rest of the frame is silent.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace latchkey::bench {

inline constexpr size_t kFrameBytes = 160;  // G.711, 8 kHz, 20 ms.

struct FrameTag {
  uint16_t call = 0;
  uint32_t sequence = 0;
  bool speech_ends = false;  // The first silent frame after speech.
};

// What an agent says is numbered by its reply, from 1, and by the frame within it.
constexpr uint32_t SpokenSequence(uint32_t reply, uint32_t frame) { return reply << 12 | frame; }
constexpr uint32_t ReplyOf(uint32_t sequence) { return sequence >> 12; }

// A frame with its tag; a 400 Hz square wave after it if `voiced`, else silence.
std::string MakeFrame(const FrameTag& tag, bool voiced);

// The tag of the last whole frame in `audio`, or of the first. nullopt when there is none.
std::optional<FrameTag> LastTag(std::string_view audio);
std::optional<FrameTag> FirstTag(std::string_view audio);

// True when one of the frames in `audio` is the first silent one after speech.
bool SpeechEnds(std::string_view audio);

// True when the last frame in `audio` is voiced.
bool IsVoiced(std::string_view audio);

}  // namespace latchkey::bench
