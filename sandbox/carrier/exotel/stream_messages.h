// StreamMessages: what Exotel says on an AgentStream, and how it reads what it is told. A rule.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sandbox/carrier/exotel/stream_url.h"
#include "sandbox/scenario/quirks/exotel.h"

namespace latchkey::sandbox::exotel {

// Whose stream it is.
struct StreamFacts {
  std::string stream_sid, call_sid, account_sid;
  std::string from, to;  // As the scenario wants them written.
  int sample_rate = 8000;
};

// Counts sequence numbers, chunks and time, and spells them as the scenario wants it.
class StreamMessages {
 public:
  StreamMessages(StreamFacts facts, ExotelQuirks quirks)
      : facts_(std::move(facts)), quirks_(std::move(quirks)) {}

  std::string Connected() const;
  std::string Start(const StreamUrl& url);
  std::string Media(std::span<const uint8_t> pcm);  // The next piece of the person's voice.
  std::string Mark(std::string_view name);
  std::string Dtmf(std::string_view digit);
  std::string Stop(std::string_view reason);  // "callended" or "stopped"

 private:
  std::string Head(std::string_view event, bool camel);
  std::string Number(int64_t number, bool text_if_mixed) const;
  bool camel(bool in_start) const;

  const StreamFacts facts_;
  const ExotelQuirks quirks_;
  int64_t sequence_ = 0;
  int64_t chunk_ = 0;
  int64_t bytes_ = 0;
};

// What the other side says. The stream's sid is not looked at.
struct StreamCommand {
  enum class Kind { kMedia, kMark, kClear };

  Kind kind = Kind::kClear;
  std::vector<uint8_t> audio;  // kMedia: PCM
  std::string mark;            // kMark
};

// kInvalidArgument `bad_stream_message`: not JSON, an unknown event, or bad base64.
absl::StatusOr<StreamCommand> ParseStreamCommand(std::string_view text);

}  // namespace latchkey::sandbox::exotel
