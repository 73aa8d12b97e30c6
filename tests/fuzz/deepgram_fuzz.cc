// Whatever Deepgram sends, it is a message that is known, or it is none.
#include "services/media/providers/deepgram_protocol.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  using Kind = media::DeepgramMessage::Kind;
  const media::DeepgramMessage message = media::ParseDeepgramMessage(AsText(data, size));
  Check(message.text.empty() || message.kind == Kind::kTranscript, "only transcripts have text");
  return 0;
}
