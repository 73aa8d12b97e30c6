// TwilioStream: the messages of a Twilio media stream (twilio.com/docs/voice/media-streams).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "services/media/domain/ports.h"

namespace latchkey::media {

// One message from Twilio. Views lie in the message's text, or in the parser's scratch.
struct TwilioMessage {
  enum class Kind { kConnected, kStart, kMedia, kMark, kKey, kStop, kOther, kMalformed };

  Kind kind = Kind::kMalformed;
  std::string_view stream_sid;  // Of kStart.
  std::string_view call_sid;    // Of kStart.
  int64_t timestamp_ms = 0;     // Of kMedia: since the stream's start.
  std::string_view payload;     // Of kMedia: base64.
  int64_t mark = 0;             // Of kMark; 0: not one of ours.
  char key = 0;                 // Of kKey.
};

// Takes any bytes. Allocates only for a text with escapes in it, which Twilio does not send.
TwilioMessage ParseTwilioMessage(std::string_view text, std::string& scratch);

// Compose into `out`, whose room is used again.
void ComposeTwilioMedia(std::string_view stream_sid, Audio audio, std::string& out);
void ComposeTwilioMark(std::string_view stream_sid, int64_t mark, std::string& out);
void ComposeTwilioClear(std::string_view stream_sid, std::string& out);

}  // namespace latchkey::media
