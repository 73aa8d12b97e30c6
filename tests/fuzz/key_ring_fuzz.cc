// A ring's file is read without harm: either a ring with a current key, or a sentence that names
// the file and repeats none of the keys in it.
#include "lib/secret/key_ring.h"

#include "lib/base/error.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  const std::string text = Plant(AsText(data, size));
  const auto ring = secret::KeyRing::Parse(text, "ring.txt");
  if (!ring.ok()) {
    Check(!Tells(Message(ring.status())), "a refusal repeats no key");
    Check(!Reason(ring.status()).empty(), "a refusal has a reason");
    return 0;
  }
  bool known = false;
  for (const std::string& id : ring->ids()) {
    Check(ring->Find(id) != nullptr, "a ring finds each of its keys");
    known = known || ring->Find(id) == &ring->current();
  }
  Check(known, "the current key is one of the ring's");
  return 0;
}
