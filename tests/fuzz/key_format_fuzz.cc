// Neither a verdict on a key's form, nor its preview, tells the key.
#include "lib/provider/key_format.h"

#include "lib/base/error.h"
#include "tests/fuzz/fuzz_input.h"

namespace latchkey::provider {
namespace {

constexpr size_t kPreviewBytesMax = 32;

void CheckField(const Entry& entry, const Field& field, std::string_view value) {
  const auto warnings = CheckFormat(entry.provider, field, value);
  if (warnings.ok()) {
    Check(!value.empty() && value.size() <= kFieldBytesMax, "a key has its limits");
    Check(value.find_first_of("\r\n") == std::string_view::npos, "a key is one line");
    for (const std::string& warning : *warnings) Check(!Tells(warning), "tells no key");
  } else {
    Check(Reason(warnings.status()) == "byok_key_invalid", "there is one reason");
    Check(!Tells(Message(warnings.status())), "tells no key");
    for (const auto& [name, text] : Metadata(warnings.status())) Check(!Tells(text), name);
  }
}

}  // namespace
}  // namespace latchkey::provider

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const std::string value = Plant(AsText(data, size));
  for (const provider::Entry& entry : provider::Catalogue()) {
    for (const provider::Field& field : entry.fields) provider::CheckField(entry, field, value);
    const std::string preview = provider::Preview(entry.provider, value);
    Check(preview.size() <= provider::kPreviewBytesMax, "a preview is short");
    Check(!Tells(preview), "a preview tells four characters");
    Check(value.size() < 16 || preview.size() < value.size() + 3, "a preview hides the middle");
  }
  return 0;
}
