// However the bytes of a message are cut, the same message comes out, and never more than is
// allowed.
#include <optional>
#include <string>
#include <utility>

#include "lib/http/message_parser.h"
#include "tests/fuzz/fuzz_input.h"

namespace latchkey::http {
namespace {

constexpr ParserLimits kLimits{.head_bytes_max = 1024, .body_bytes_max = 2048};

struct Parsed {
  std::string what;  // Status, or method and target.
  std::string body;
};

// Feeds `bytes`, of which `piece` more arrive at a time (0: all at once), to the end of one
// message.
std::optional<Parsed> Parse(MessageParser parser, bool request, std::string_view bytes,
                            size_t piece) {
  size_t there = 0, used = 0;
  std::string body;
  while (!parser.done()) {
    const absl::StatusOr<size_t> took = parser.Feed(bytes.substr(used, there - used));
    if (!took.ok()) return std::nullopt;
    Check(*took <= there - used, "takes no more than there is");
    used += *took;
    if (parser.head_done()) body += parser.TakeBody();
    Check(body.size() <= kLimits.body_bytes_max, "a body has its limit");
    if (*took > 0) continue;
    if (there == bytes.size()) return std::nullopt;
    there = piece == 0 ? bytes.size() : std::min(bytes.size(), there + piece);
  }
  return Parsed{request ? parser.method() + parser.target() : std::to_string(parser.status()),
                std::move(body)};
}

void Compare(bool request, std::string_view bytes, size_t piece) {
  const auto make = [request] {
    return request ? MessageParser::ForRequest(kLimits) : MessageParser::ForResponse(kLimits);
  };
  const std::optional<Parsed> whole = Parse(make(), request, bytes, 0);
  const std::optional<Parsed> pieces = Parse(make(), request, bytes, piece);
  if (!whole.has_value() || !pieces.has_value()) return;  // A limit may be noticed earlier.
  Check(whole->what == pieces->what, "the cut does not change the head");
  Check(whole->body == pieces->body, "the cut does not change the body");
}

}  // namespace
}  // namespace latchkey::http

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  if (size == 0) return 0;
  const std::string_view bytes = AsText(data + 1, size - 1);
  http::Compare(true, bytes, data[0]);
  http::Compare(false, bytes, data[0]);
  return 0;
}
