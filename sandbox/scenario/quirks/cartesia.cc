#include "sandbox/scenario/quirks/cartesia.h"

#include <utility>

#include "sandbox/scenario/fields.h"

namespace latchkey::sandbox {
namespace {

constexpr int kChunkBytesMax = 64 * 1024;

void ReadChunks(Fields& fields, CartesiaQuirks& quirks) {
  std::vector<int> sizes;
  fields.ForEach("chunk_bytes", [&](const boost::json::value& item, const std::string&) {
    const bool fits =
        item.is_int64() && item.get_int64() >= 1 && item.get_int64() <= kChunkBytesMax;
    if (!fits) return fields.Fail("chunk_bytes", "should be numbers from 1 to 65536");
    sizes.push_back(static_cast<int>(item.get_int64()));
  });
  if (!sizes.empty()) quirks.chunk_bytes = std::move(sizes);
}

}  // namespace

CartesiaQuirks ReadCartesiaQuirks(const boost::json::value& value, std::string place,
                                  absl::Status& error) {
  CartesiaQuirks quirks;
  Fields fields(value, std::move(place), error);
  ReadChunks(fields, quirks);
  fields.Bool("cancel_is_late", quirks.cancel_is_late);
  fields.Number("contexts_max", quirks.contexts_max);
  fields.Number("sockets_max", quirks.sockets_max);
  fields.Number("credits", quirks.credits);
  fields.Texts("unknown_voices", quirks.unknown_voices);
  fields.Milliseconds("idle_max_ms", quirks.idle_max);
  fields.Milliseconds("session_max_ms", quirks.session_max);
  fields.Number("close_code", quirks.close_code);
  fields.Milliseconds("context_life_ms", quirks.context_life);
  fields.Finish();
  return quirks;
}

}  // namespace latchkey::sandbox
