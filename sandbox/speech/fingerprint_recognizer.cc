#include "sandbox/speech/fingerprint_recognizer.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <utility>

#include "sandbox/scenario/scenario.h"
#include "sandbox/speech/sound_print.h"
#include "sandbox/speech/voice_detector.h"

namespace latchkey::sandbox {
namespace {

constexpr size_t kBlockPrints = 16;  // 160 ms
// Of a block's bits. The same sound differs in 0 to 0.30, the most when it is shifted by half a
// hop; the nearest of other sounds in 0.34 and more, mostly 0.41.
constexpr double kErrorMax = 0.32;
constexpr double kLoudBlocksMin = 0.5;  // So many of the loud blocks a line must explain.
constexpr size_t kUtteranceBytesMax = 60 * 8000;
constexpr absl::Duration kHop = absl::Milliseconds(10);

struct Place {
  size_t sound = 0;
  size_t print = 0;
};

// Where `block` stands in `sounds`; nothing if nowhere.
std::optional<Place> FindBlock(const std::vector<KnownSound>& sounds,
                               std::span<const uint32_t> block) {
  const auto wrong_max = static_cast<int>(kErrorMax * 32 * static_cast<double>(block.size()));
  int best = wrong_max + 1;
  std::optional<Place> place;
  for (size_t sound = 0; sound < sounds.size(); ++sound) {
    const std::vector<uint32_t>& prints = sounds[sound].prints;
    for (size_t at = 0; at + block.size() <= prints.size(); ++at) {
      int wrong = 0;
      for (size_t i = 0; i < block.size() && wrong < best; ++i) {
        wrong += std::popcount(block[i] ^ prints[at + i]);
      }
      if (wrong >= best) continue;
      best = wrong;
      place = Place{sound, at};
    }
  }
  return place;
}

// Half of the block is speech, so it is worth looking for: silence sounds like any silence.
bool IsLoudBlock(std::span<const uint8_t> mulaw, size_t first_print) {
  int loud = 0;
  constexpr size_t kFrames = kBlockPrints * kPrintHop / kFrameSamples;
  for (size_t frame = 0; frame < kFrames; ++frame) {
    const size_t at = first_print * kPrintHop + frame * kFrameSamples;
    loud += VoiceDetector::IsLoud(mulaw.subspan(at, kFrameSamples)) ? 1 : 0;
  }
  return loud * 2 >= static_cast<int>(kFrames);
}

// The words of `sound` that were spoken between the two prints.
Recognized WordsBetween(const KnownSound& sound, size_t first, size_t last) {
  Recognized recognized;
  const absl::Duration from = static_cast<int64_t>(first) * kHop;
  const absl::Duration to = static_cast<int64_t>(last) * kHop;
  for (const SpokenWord& word : sound.words) {
    const absl::Duration middle = word.start + (word.end - word.start) / 2;
    if (middle < from || middle > to) continue;
    recognized.words.push_back({NormalizeWords(word.text), word.text,
                                std::max(absl::ZeroDuration(), word.start - from),
                                word.end - from});
    recognized.text += (recognized.text.empty() ? "" : " ") + word.text;
  }
  return recognized;
}

class FingerprintRecognition final : public Recognition {
 public:
  explicit FingerprintRecognition(std::shared_ptr<const std::vector<KnownSound>> sounds)
      : sounds_(std::move(sounds)) {}

  void Push(std::span<const uint8_t> mulaw) override {
    if (mulaw_.size() + mulaw.size() > kUtteranceBytesMax) return;
    mulaw_.insert(mulaw_.end(), mulaw.begin(), mulaw.end());
  }

  Task<absl::StatusOr<Recognized>> SoFar() override { co_return RecognizeSound(*sounds_, mulaw_); }
  Task<absl::StatusOr<Recognized>> Finish() override { co_return RecognizeSound(*sounds_, mulaw_); }

 private:
  std::shared_ptr<const std::vector<KnownSound>> sounds_;
  std::vector<uint8_t> mulaw_;
};

}  // namespace

KnownSound::KnownSound(std::string line, const Speech& speech)
    : text(std::move(line)), words(speech.words), prints(SoundPrint(speech.mulaw)) {}

Recognized RecognizeSound(const std::vector<KnownSound>& sounds, std::span<const uint8_t> mulaw) {
  struct Votes {
    int blocks = 0;
    size_t first = SIZE_MAX, last = 0;
  };
  std::vector<Votes> votes(sounds.size());
  const std::vector<uint32_t> prints = SoundPrint(mulaw);
  int loud_blocks = 0;
  // Blocks overlap by half, so that one falls between two losses.
  for (size_t at = 0; at + kBlockPrints <= prints.size(); at += kBlockPrints / 2) {
    if (!IsLoudBlock(mulaw, at)) continue;
    ++loud_blocks;
    const std::optional<Place> place =
        FindBlock(sounds, std::span(prints).subspan(at, kBlockPrints));
    if (!place) continue;
    Votes& vote = votes[place->sound];
    ++vote.blocks;
    vote.first = std::min(vote.first, place->print);
    vote.last = std::max(vote.last, place->print + kBlockPrints);
  }
  const auto most = std::ranges::max_element(votes, {}, &Votes::blocks);
  if (most == votes.end() || most->blocks == 0) return {};
  const double share = static_cast<double>(most->blocks) / loud_blocks;
  if (share < kLoudBlocksMin) return {};
  const auto sound = static_cast<size_t>(most - votes.begin());
  Recognized recognized = WordsBetween(sounds[sound], most->first, most->last);
  recognized.confidence = recognized.text.empty() ? 0 : share;
  return recognized;
}

FingerprintRecognizer::FingerprintRecognizer(std::vector<KnownSound> sounds)
    : sounds_(std::make_shared<const std::vector<KnownSound>>(std::move(sounds))) {}

std::unique_ptr<Recognition> FingerprintRecognizer::Start() {
  return std::make_unique<FingerprintRecognition>(sounds_);
}

}  // namespace latchkey::sandbox
