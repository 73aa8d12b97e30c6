#include "sandbox/callee/callee_mouth.h"

#include <algorithm>

#include "sandbox/speech/sounds.h"

namespace latchkey::sandbox {
namespace {

// A key is held, and the finger travels, for twice what ITU-T Q.24 asks for.
constexpr absl::Duration kKeyDown = absl::Milliseconds(100);
constexpr size_t kKeySamples = 1600;  // Down and up again: 200 ms.

size_t SamplesIn(absl::Duration duration, size_t at_most) {
  if (duration == absl::InfiniteDuration()) return at_most;
  const int64_t samples = duration / absl::Microseconds(125);
  return std::min(at_most, static_cast<size_t>(samples));
}

}  // namespace

size_t CalleeMouth::Sound::Fill(Frame& frame) {
  if (Over()) return 0;
  const size_t count = std::min(frame.size(), size - position);
  std::copy_n(speech->mulaw.begin() + static_cast<ptrdiff_t>(position), count, frame.begin());
  position += count;
  return count;
}

CalleeMouth::Sound CalleeMouth::Of(std::vector<uint8_t> mulaw) {
  const size_t size = mulaw.size();
  return {std::make_shared<const Speech>(Speech{std::move(mulaw), {}}), 0, size};
}

CalleeMouth::Sound CalleeMouth::Keys(const std::string& keys) {
  std::vector<uint8_t> mulaw;
  for (const char key : keys) {
    keys_.emplace_back(mulaw.size(), key);
    if (tones_) {
      const std::vector<uint8_t> tone = MakeKeyTone(key, kKeyDown);
      mulaw.insert(mulaw.end(), tone.begin(), tone.end());
    }
    mulaw.resize(keys_.size() * kKeySamples, kMulawSilence);
  }
  std::ranges::reverse(keys_);
  return Of(std::move(mulaw));
}

void CalleeMouth::Begin(const CalleeLine& line, std::shared_ptr<const Speech> words) {
  keys_.clear();
  hangs_up_ = line.hang_up;
  line_is_turn_ = words != nullptr;
  if (words != nullptr) {
    const size_t size = SamplesIn(line.cut, words->mulaw.size());
    line_ = {std::move(words), 0, size};
  } else if (!line.press.empty()) {
    line_ = Keys(line.press);
  } else {
    line_ = Of(MakeSound(line.play, line.play_for));
  }
}

void CalleeMouth::Murmur(std::shared_ptr<const Speech> murmur) {
  const size_t size = murmur->mulaw.size();
  murmur_ = {std::move(murmur), 0, size};
}

CalleeMouth::Said CalleeMouth::Next() {
  Said said;
  murmur_.Fill(said.frame);
  while (!keys_.empty() && keys_.back().first <= line_.position) {
    said.pressed += keys_.back().second;
    keys_.pop_back();
  }
  said.is_turn = line_.Fill(said.frame) > 0 && line_is_turn_;
  said.hangs_up = hangs_up_ && line_.Over();
  return said;
}

}  // namespace latchkey::sandbox
