// Whatever an event of Anthropic's stream holds, it means something or nothing. The input is the
// event's name, a zero byte, and its data.
#include "services/media/providers/anthropic_protocol.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const std::vector<std::string_view> parts = Parts(AsText(data, size), 2);
  http::SseEvent event;
  event.event = parts[0];
  event.data = parts[1];
  const media::AnthropicEvent meaning = media::ParseAnthropicEvent(event);
  if (meaning.kind == media::AnthropicEvent::Kind::kFailed) {
    Check(meaning.status >= 400, "a failure has a status of one");
  }
  Check(media::AnthropicStatus(429, parts[1]) >= 400, "a refusal stays one");
  return 0;
}
