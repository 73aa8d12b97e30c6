#include "sandbox/speech/hearing.h"

#include <algorithm>

namespace latchkey::sandbox {
namespace {

// What is kept of the time before speech is noticed, so that a soft first consonant is not lost.
constexpr size_t kFramesBefore = 15;

absl::Duration At(int64_t frame) { return frame * absl::Milliseconds(kFrameMs); }

}  // namespace

Hearing::Hearing(Recognizer& recognizer, const Options& options)
    : recognizer_(recognizer), options_(options) {}

absl::Duration Hearing::position() const {
  return At(frames_) + absl::Microseconds(125) * static_cast<int64_t>(partial_.size());
}

std::vector<Hearing::Event> Hearing::Push(std::span<const uint8_t> mulaw) {
  std::vector<Event> events;
  while (!mulaw.empty()) {
    const size_t wanted = kFrameSamples - partial_.size();
    const auto piece = mulaw.first(std::min(wanted, mulaw.size()));
    partial_.insert(partial_.end(), piece.begin(), piece.end());
    mulaw = mulaw.subspan(piece.size());
    if (partial_.size() < kFrameSamples) break;
    OnFrame(partial_, events);
    partial_.clear();
  }
  return events;
}

void Hearing::OnFrame(std::span<const uint8_t> frame, std::vector<Event>& events) {
  const bool voiced = detector_.OnFrame(frame);
  ++frames_;
  if (voiced) last_voiced_frame_ = frames_;
  if (recognition_ == nullptr) {
    before_.emplace_back(frame.begin(), frame.end());
    if (before_.size() > kFramesBefore) before_.pop_front();
    if (!voiced) return;
    recognition_ = recognizer_.Start();
    for (const std::vector<uint8_t>& earlier : before_) recognition_->Push(earlier);
    start_frame_ = frames_ - static_cast<int64_t>(before_.size());
    before_.clear();
    events.push_back({Event::kSpeechStarted, At(start_frame_), At(frames_), nullptr});
    return;
  }
  recognition_->Push(frame);
  if (At(frames_ - last_voiced_frame_) >= options_.pause) events.push_back(End());
}

Hearing::Event Hearing::End() {
  return {Event::kUtteranceEnded, At(start_frame_), At(last_voiced_frame_),
          std::move(recognition_)};
}

Task<absl::StatusOr<Recognized>> Hearing::SoFar() const {
  if (recognition_ == nullptr) co_return Recognized();
  co_return co_await recognition_->SoFar();
}

std::optional<Hearing::Event> Hearing::Flush() {
  if (recognition_ == nullptr) return std::nullopt;
  return End();
}

}  // namespace latchkey::sandbox
