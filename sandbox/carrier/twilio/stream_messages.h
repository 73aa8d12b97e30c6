// StreamMessages: what Twilio says on a media stream, and how it reads what it is told. A rule.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace latchkey::sandbox::twilio {

// Counts sequence numbers, chunks and time; all numbers are texts on the wire.
class StreamMessages {
 public:
  using Parameters = std::vector<std::pair<std::string, std::string>>;

  StreamMessages(std::string stream_sid, std::string account_sid, std::string call_sid)
      : stream_sid_(std::move(stream_sid)),
        account_sid_(std::move(account_sid)),
        call_sid_(std::move(call_sid)) {}

  std::string Connected() const;
  std::string Start(const Parameters& parameters);
  std::string Media(std::span<const uint8_t> mulaw);  // The next piece of the callee's voice.
  std::string Mark(std::string_view name);
  std::string Dtmf(std::string_view digit);
  std::string Stop();

  const std::string& stream_sid() const { return stream_sid_; }

 private:
  std::string Head(std::string_view event);  // Up to the event's own member.

  const std::string stream_sid_, account_sid_, call_sid_;
  int64_t sequence_ = 0;
  int64_t chunk_ = 0;
  int64_t bytes_ = 0;  // Of all chunks so far: 8 are a millisecond.
};

// What the other side says.
struct StreamCommand {
  enum class Kind { kMedia, kMark, kClear };

  Kind kind = Kind::kClear;
  std::vector<uint8_t> audio;  // kMedia
  std::string mark;            // kMark
};

// kInvalidArgument `stream_31951`: not JSON, an unknown event, another stream's sid, bad base64.
absl::StatusOr<StreamCommand> ParseStreamCommand(std::string_view text,
                                                 std::string_view stream_sid);

}  // namespace latchkey::sandbox::twilio
