// An address that was accepted says the same when it is written out and read again.
#include "lib/http/url.h"

#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const absl::StatusOr<http::Url> url = http::Url::Parse(AsText(data, size));
  if (!url.ok()) return 0;
  Check(!url->host().empty() && url->target().starts_with('/'), "a URL has a host and a target");
  Check(url->target().find_first_of("\r\n ") == std::string::npos, "a target is one word");
  const absl::StatusOr<http::Url> again = http::Url::Parse(url->Text());
  Check(again.ok() && *again == *url, "a URL reads back as what it is");
  return 0;
}
