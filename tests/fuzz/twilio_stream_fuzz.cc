// Any text on a media stream is a message, or is malformed; its audio decodes within its room.
#include "services/media/carriers/twilio_stream.h"

#include "lib/base/base64.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  std::string scratch;
  const media::TwilioMessage message = media::ParseTwilioMessage(AsText(data, size), scratch);
  if (message.kind != media::TwilioMessage::Kind::kMedia) return 0;
  Check(message.timestamp_ms >= 0, "a stream begins at zero");
  std::vector<uint8_t> audio(message.payload.size() / 4 * 3);
  const std::optional<size_t> decoded = DecodeBase64(message.payload, audio);
  if (!decoded.has_value()) return 0;
  Check(*decoded <= audio.size(), "audio stays in its room");
  std::string composed;
  media::ComposeTwilioMedia("MZ1", std::span(audio).first(*decoded), composed);
  std::string other;
  const media::TwilioMessage sent = media::ParseTwilioMessage(composed, other);
  Check(sent.kind == media::TwilioMessage::Kind::kMalformed, "only Twilio's media have a time");
  return 0;
}
