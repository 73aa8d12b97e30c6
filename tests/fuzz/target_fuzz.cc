// A target that was accepted cannot climb out of its path, and its query reads back.
#include "lib/http/url.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const absl::StatusOr<http::Target> target = http::ParseTarget(AsText(data, size));
  if (!target.ok()) return 0;
  Check(target->path.starts_with('/'), "a path begins with a slash");
  for (const std::string& segment : target->segments) {
    Check(segment != "." && segment != "..", "no segment climbs");
  }
  const absl::StatusOr<http::Form> query = http::Form::Parse(target->query.Encode());
  Check(query.ok() && query->size() == target->query.size(), "a query reads back");
  return 0;
}
