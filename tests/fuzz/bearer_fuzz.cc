// An API key gives a hash of it or an error, and neither tells the key.
#include "services/gateway/domain/bearer.h"

#include "lib/base/error.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const std::string header = Plant(AsText(data, size));
  const absl::StatusOr<std::string> hash = gateway::ApiKeyHash(header);
  if (hash.ok()) {
    Check(hash->size() == 32, "SHA-256 has 32 bytes");
    Check(!Tells(*hash), "a hash is not the key");
  } else {
    Check(Reason(hash.status()) == "api_key_missing", "there is one reason");
    Check(!Tells(Message(hash.status())), "an error does not tell the key");
  }
  return 0;
}
