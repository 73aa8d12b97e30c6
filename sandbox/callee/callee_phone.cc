#include "sandbox/callee/callee_phone.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace latchkey::sandbox {
namespace {

constexpr double kSpeechRms = 2500;  // Of a callee who says nothing: as loud as flite's voices.
// Who stands in noise still hears a voice that is a little weaker than it.
constexpr double kHeardInNoise = 0.7;

std::optional<LineNoise> NoiseOf(const Callee& callee, const LineAudio& audio) {
  if (!callee.noise_snr_db) return std::nullopt;
  double loudest = 0;
  for (const auto& [sentence, speech] : audio) {
    loudest = std::max(loudest, SpeechRms(speech->mulaw));
  }
  const uint64_t seed = std::hash<std::string>()(callee.about);
  return LineNoise(loudest == 0 ? kSpeechRms : loudest, *callee.noise_snr_db, seed);
}

}  // namespace

CalleePhone::CalleePhone(const Callee& callee, LineAudio audio)
    : about_(callee.about),
      records_(callee.record),
      script_(callee.lines),
      audio_(std::move(audio)),
      noise_(NoiseOf(callee, audio_)),
      murmur_(Sound(callee.backchannel.say)),
      murmuring_(callee.backchannel.every),
      mouth_(callee.tones),
      recording_(noise_) {}

std::shared_ptr<const Speech> CalleePhone::Sound(const std::string& sentence) const {
  const auto found = audio_.find(sentence);
  return found == audio_.end() ? nullptr : found->second;
}

bool CalleePhone::Hears(const Frame& agent) const {
  if (!VoiceDetector::IsLoud(agent)) return false;
  return !noise_ || SpeechRms(agent) > kHeardInNoise * noise_->rms();
}

CalleePhone::Answer CalleePhone::OnFrame(const Frame& heard, int played) {
  const bool agent_loud = VoiceDetector::IsLoud(heard);
  const bool agent_speaks = agent_detector_.OnFrame(heard) && agent_loud && Hears(heard);
  const bool speaking = mouth_.busy();
  const CalleeLine* const line = script_.OnFrame(agent_speaks, speaking);
  if (line != nullptr) mouth_.Begin(*line, Sound(line->say));
  if (murmur_ != nullptr && murmuring_.OnFrame(agent_speaks, speaking)) mouth_.Murmur(murmur_);

  CalleeMouth::Said said = mouth_.Next();
  const bool loud = VoiceDetector::IsLoud(said.frame);
  judge_.OnFrame(played > 0, agent_loud, loud && said.is_turn, loud && !said.is_turn);
  if (noise_) noise_->Mix(said.frame, judge_.position() / absl::Microseconds(125));
  if (records_) recording_.Add(said.frame, heard);
  return {said.frame, std::move(said.pressed), said.hangs_up};
}

}  // namespace latchkey::sandbox
