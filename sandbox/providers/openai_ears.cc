#include "sandbox/providers/openai_ears.h"

#include <utility>

namespace latchkey::sandbox {
namespace {

constexpr absl::Duration kSample = absl::Microseconds(125);
// After this much silence, semantic_vad looks at what was said.
constexpr absl::Duration kSemanticPause = absl::Milliseconds(300);

}  // namespace

OpenaiEars::OpenaiEars(std::shared_ptr<Recognizer> recognizer, const OpenaiConfig& config)
    : recognizer_(std::move(recognizer)), in_(config.format("input")) {
  Listen(config);
}

void OpenaiEars::Listen(const OpenaiConfig& config) {
  detection_ = config.turn_detection();
  in_ = OpenaiAudioIn(config.format("input"));
  Begin();
}

void OpenaiEars::Begin() {
  unheard_.clear();
  begin_ = position_;
  hearing_.reset();
  if (detection_.kind == OpenaiTurnDetection::Kind::kNone) return;
  Hearing::Options options;
  const bool semantic = detection_.kind == OpenaiTurnDetection::Kind::kSemanticVad;
  options.pause = semantic ? kSemanticPause : detection_.silence;
  hearing_.emplace(*recognizer_, options);
}

std::vector<Hearing::Event> OpenaiEars::Push(std::string_view audio) {
  const std::vector<uint8_t> mulaw = in_.Push(audio);
  position_ += kSample * static_cast<int64_t>(mulaw.size());
  if (!hearing_.has_value()) {
    unheard_.insert(unheard_.end(), mulaw.begin(), mulaw.end());
    if (unheard_.size() > kUnheardMax) {
      unheard_.erase(unheard_.begin(), unheard_.end() - static_cast<int64_t>(kUnheardMax));
    }
    return {};
  }
  std::vector<Hearing::Event> events = hearing_->Push(mulaw);
  for (Hearing::Event& event : events) {
    event.start += begin_;
    event.end += begin_;
  }
  return events;
}

std::unique_ptr<Recognition> OpenaiEars::Commit() {
  if (hearing_.has_value()) {
    std::optional<Hearing::Event> rest = hearing_->Flush();
    return rest.has_value() ? std::move(rest->recognition) : nullptr;
  }
  if (unheard_.empty()) return nullptr;
  std::unique_ptr<Recognition> recognition = recognizer_->Start();
  recognition->Push(unheard_);
  unheard_.clear();
  return recognition;
}

void OpenaiEars::Forget() { Begin(); }

}  // namespace latchkey::sandbox
