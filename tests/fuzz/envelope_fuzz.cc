// A stored key opens only as it was stored. The input is three edits, parted by zero bytes: of the
// tenant's key, of the data key, and of the field. Each begins with the place that it overwrites.
#include "lib/secret/envelope.h"

#include "lib/secret/mac.h"
#include "tests/fuzz/fuzz_input.h"

namespace latchkey::secret {
namespace {

struct Sample {
  KeyRing ring = *KeyRing::FromBase64(Base64(std::string(32, 'r')), "fuzz");
  Envelope envelope{ring};
  KeyAddress address{"tnt_a", "", 1, "key_1", 1};
  std::string tenant_key = envelope.MakeTenantKey("tnt_a");
  SealedKey sealed = Seal();

  SealedKey Seal() {
    KeyFields fields;
    fields.Put("api_key", Secret("a key of a tenant's"));
    return *envelope.Seal(tenant_key, address, fields);
  }
};

bool Edit(std::string& text, std::string_view edit) {
  if (edit.empty()) return false;
  const std::string before = text;
  const size_t at = static_cast<uint8_t>(edit[0]) % (text.size() + 1);
  text.replace(at, std::min(edit.size() - 1, text.size() - at), edit.substr(1));
  return text != before;
}

}  // namespace
}  // namespace latchkey::secret

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  static secret::Sample sample;
  const std::vector<std::string_view> edits = Parts(AsText(data, size), 3);
  std::string tenant_key = sample.tenant_key;
  secret::SealedKey sealed = sample.sealed;
  bool changed = secret::Edit(tenant_key, edits[0]);
  changed = secret::Edit(sealed.data_key, edits[1]) || changed;
  changed = secret::Edit(sealed.fields["api_key"], edits[2]) || changed;
  const auto opened = sample.envelope.Open(tenant_key, sample.address, sealed);
  Check(opened.ok() == !changed, "a stored key opens only as it was stored");
  return 0;
}
