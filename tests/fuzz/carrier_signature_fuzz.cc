// The order in which a form's parameters came does not change what was signed. The input is a URL,
// a zero byte, and names and values, parted by zero bytes.
#include "lib/provider/carrier_signature.h"

#include <algorithm>

#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  std::vector<std::string_view> parts = Parts(AsText(data, size), 17);
  provider::FormParameters parameters;
  for (size_t i = 1; i + 1 < parts.size(); i += 2) parameters.emplace_back(parts[i], parts[i + 1]);
  const std::vector<std::string> texts = provider::TwilioSignedTexts(parts[0], parameters);
  Check(!texts.empty() && texts.size() <= 2, "with a port and without");
  std::ranges::reverse(parameters);
  Check(provider::TwilioSignedTexts(parts[0], parameters) == texts, "the order does not count");
  return 0;
}
