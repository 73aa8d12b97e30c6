// A page's token comes back from a caller: it is one of ours, or it is refused.
#include <memory>

#include "lib/base/error.h"
#include "services/billing/adapters/convert.h"
#include "services/dialer/adapters/convert.h"
#include "services/keyvault/adapters/convert.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

template <typename Cursor>
void Expect(const absl::StatusOr<std::optional<Cursor>>& cursor, bool empty) {
  using namespace latchkey;
  if (!cursor.ok()) {
    Check(Reason(cursor.status()) == "malformed_request", "a foreign token is malformed");
    return;
  }
  Check(cursor->has_value() != empty, "no token is the first page, and nothing else is");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const std::string token(AsText(data, size));
  Expect(keyvault::ParsePageToken(token), token.empty());
  Expect(dialer::ParseCursor(token), token.empty());
  const auto usage = billing::ParseCursor(token);
  Expect(usage, token.empty());
  if (usage.ok() && usage->has_value()) {
    const auto again = billing::ParseCursor(billing::CursorToken(**usage));
    Check(again.ok() && again->has_value() && (*again)->end_time == (*usage)->end_time,
          "a cursor survives as a token");
  }
  return 0;
}
