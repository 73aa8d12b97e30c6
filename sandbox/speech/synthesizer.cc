#include "sandbox/speech/synthesizer.h"

#include "lib/base/error.h"
#include "sandbox/speech/flite_voices.h"

namespace latchkey::sandbox {
namespace {

constexpr size_t kTextMax = 4000;

}  // namespace

Synthesizer::Synthesizer(Workers& workers) : workers_(workers) {}

bool Synthesizer::HasVoice(std::string_view voice) { return HasFliteVoice(voice); }

Task<absl::StatusOr<std::shared_ptr<const Speech>>> Synthesizer::Speak(std::string voice,
                                                                       std::string text) {
  if (!HasVoice(voice)) {
    co_return Error(absl::StatusCode::kInvalidArgument, "unknown_voice",
                    "flite's voices are slt, awb, rms and kal16.");
  }
  if (text.size() > kTextMax) {
    co_return Error(absl::StatusCode::kInvalidArgument, "text_too_long",
                    "At most 4000 characters can be spoken at once.");
  }
  const Key key(std::move(voice), std::move(text));
  const auto cached = cache_.find(key);
  if (cached != cache_.end()) co_return cached->second;

  std::function<absl::StatusOr<Speech>()> job = [key] {
    return SpeakWithFlite(key.first, key.second);
  };
  absl::StatusOr<Speech> spoken = co_await workers_.Run<Speech>(std::move(job));
  if (!spoken.ok()) co_return spoken.status();
  auto speech = std::make_shared<const Speech>(*std::move(spoken));
  if (cache_.size() >= kCacheMax) co_return speech;
  // Two who asked at once get the same sound.
  co_return cache_.emplace(key, speech).first->second;
}

}  // namespace latchkey::sandbox
