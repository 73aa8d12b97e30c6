// Whatever OpenAI sends, it is an event that is known, or it is none; and its numbers are sane.
#include "services/media/providers/openai_protocol.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  using Kind = media::OpenaiServerEvent::Kind;
  const std::string_view text = AsText(data, size);
  const media::OpenaiServerEvent event = media::ParseOpenaiEvent(text);
  Check(event.ms >= 0 && event.expire_time >= 0, "times count up");
  Check(event.body.size() <= text.size(), "views lie in the message");
  if (event.kind == Kind::kResponseDone) {
    const media::ResponseEnd end = media::ParseOpenaiEnd(event.body);
    Check(end.usage.input_text >= 0 && end.usage.output_audio >= 0, "tokens count up");
    Check(end.failure.ok() == (end.kind != media::ResponseEnd::Kind::kFailed), "a failure is told");
  }
  if (event.kind == Kind::kError) {
    const media::OpenaiErrorDetail error = media::ParseOpenaiError(text);
    Check(!media::OpenaiFailure(error).ok(), "an error is a failure");
  }
  Check(!media::OpenaiFailure(media::ParseOpenaiClose(text.substr(0, 123))).ok(), "so is a close");
  return 0;
}
