// There is one encoding of a blob: what was read writes back the same bytes.
#include "lib/secret/blob.h"

#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const std::string_view bytes = AsText(data, size);
  const absl::StatusOr<secret::Blob> blob = secret::Blob::Parse(bytes);
  if (!blob.ok()) return 0;
  Check(!blob->key_id.empty() && blob->key_id.size() <= secret::Blob::kKeyIdBytesMax,
        "a blob names its key");
  Check(blob->Encode() == bytes, "a blob has one encoding");
  return 0;
}
