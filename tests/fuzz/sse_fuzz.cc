// However the bytes are cut, the same events come out.
#include "lib/http/sse.h"

#include "tests/fuzz/fuzz_input.h"

namespace latchkey::http {
namespace {

struct Parsed {
  std::vector<SseEvent> events;
  bool failed = false;
};

// The first byte of a fuzzer's input says how large the pieces are; 0 takes all at once.
Parsed ParseInPieces(std::string_view bytes, size_t piece) {
  SseParser parser(1024);
  Parsed parsed;
  while (!bytes.empty() && !parsed.failed) {
    const std::string_view next = bytes.substr(0, piece == 0 ? bytes.size() : piece);
    bytes.remove_prefix(next.size());
    parsed.failed = !parser.Feed(next).ok();
    while (std::optional<SseEvent> event = parser.Next()) parsed.events.push_back(*event);
  }
  return parsed;
}

}  // namespace
}  // namespace latchkey::http

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  if (size == 0) return 0;
  const std::string_view bytes = AsText(data + 1, size - 1);
  const http::Parsed whole = http::ParseInPieces(bytes, 0);
  const http::Parsed pieces = http::ParseInPieces(bytes, data[0]);
  Check(whole.failed == pieces.failed, "the cut does not decide what is too large");
  Check(whole.failed || whole.events == pieces.events, "the cut does not change the events");
  return 0;
}
