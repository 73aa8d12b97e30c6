// Whatever Cartesia sends, its audio decodes within its room and its words end.
#include "services/media/providers/cartesia_protocol.h"

#include "lib/base/base64.h"
#include "services/media/domain/json_scan.h"
#include "tests/fuzz/fuzz_input.h"

namespace latchkey::media {
namespace {

void ReadWords(const CartesiaMessage& message) {
  std::string_view words = message.words, starts = message.starts;
  std::string scratch;
  size_t before = words.size() + 1;
  while (const std::optional<std::string_view> word = NextElement(words)) {
    Check(words.size() < before, "a list comes to its end");
    before = words.size();
    static_cast<void>(AnyText(*word, scratch));
    const std::optional<std::string_view> start = NextElement(starts);
    if (!start.has_value()) return;
    static_cast<void>(SecondsToSamples(*start));
  }
}

}  // namespace
}  // namespace latchkey::media

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  using Kind = media::CartesiaMessage::Kind;
  const media::CartesiaMessage message = media::ParseCartesiaMessage(AsText(data, size));
  if (message.kind == Kind::kTimestamps) media::ReadWords(message);
  if (message.kind == Kind::kError) Check(message.status != 0, "an error has a status");
  if (message.kind != Kind::kChunk) return 0;
  std::vector<uint8_t> audio(message.data.size() / 4 * 3);
  const std::optional<size_t> decoded = DecodeBase64(message.data, audio);
  Check(!decoded.has_value() || *decoded <= audio.size(), "audio stays in its room");
  return 0;
}
