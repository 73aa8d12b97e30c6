// No bytes but those that were sealed open a box. The input is an edit of a good one: its first
// byte says where, the others overwrite what stands there, beyond the end too.
#include "lib/secret/sealed_box.h"

#include "lib/base/error.h"
#include "tests/fuzz/fuzz_input.h"

namespace latchkey::secret {
namespace {

struct Sample {
  BoxKeyPair receiver = BoxKeyPair::FromSecret(Secret(std::string(32, 's')));
  BoxBinding binding = BindCandidate("tnt_a", "", 1, "api_key");
  std::string sealed =
      *SealedBox::Seal(receiver.public_key(), Secret("a key of a tenant's"), binding);
};

void CheckOpens(const Sample& sample, std::string_view bytes) {
  const absl::StatusOr<Secret> opened = sample.receiver.Open(bytes, sample.binding);
  Check(opened.ok() == (bytes == sample.sealed), "only what was sealed opens");
  Check(opened.ok() || Reason(opened.status()) == "sealed_badly", "there is one answer");
}

}  // namespace
}  // namespace latchkey::secret

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  static const secret::Sample sample;
  const std::string_view bytes = AsText(data, size);
  secret::CheckOpens(sample, bytes);
  if (size == 0) return 0;
  std::string edited = sample.sealed;
  const size_t at = data[0] % (edited.size() + 1);
  edited.replace(at, std::min(size - 1, edited.size() - at), bytes.substr(1));
  secret::CheckOpens(sample, edited);
  return 0;
}
