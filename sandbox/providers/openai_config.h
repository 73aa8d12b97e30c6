// OpenaiConfig: how a Realtime session is set up.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "sandbox/providers/openai_audio.h"
#include "sandbox/providers/openai_error.h"

namespace latchkey::sandbox {

// When the user's turn is over.
struct OpenaiTurnDetection {
  enum class Kind { kNone, kServerVad, kSemanticVad };

  friend bool operator==(const OpenaiTurnDetection&, const OpenaiTurnDetection&) = default;

  Kind kind = Kind::kNone;
  absl::Duration silence = absl::Milliseconds(200);        // kServerVad: ends the turn.
  absl::Duration longest_wait = absl::Seconds(4);          // kSemanticVad, by its eagerness.
  absl::Duration idle_timeout = absl::InfiniteDuration();  // The model speaks up after it.
  bool create_response = true;
  bool interrupt_response = true;
};

// Begins with the API's own defaults: audio/pcm both ways, server_vad of 200 ms, voice marin.
class OpenaiConfig {
 public:
  explicit OpenaiConfig(std::string model);

  // Takes the `session` of a session.update: whole, or an error and nothing of it. The voice is
  // `frozen` once there has been audio.
  std::optional<OpenaiError> Update(const boost::json::value* session, bool frozen);

  // As session.created and session.updated show it, without id and expires_at.
  const boost::json::object& shown() const { return shown_; }

  OpenaiTurnDetection turn_detection() const;
  OpenaiAudioFormat format(std::string_view side) const;  // "input", "output"
  // The model that transcribes what the user says; "" when nobody does.
  std::string transcription_model() const;

 private:
  const boost::json::value* Audio(std::string_view side, std::string_view name) const;

  boost::json::object shown_;
};

}  // namespace latchkey::sandbox
