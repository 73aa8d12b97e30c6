// A body with a key in it leaves nothing behind: it is wiped, and no error tells of it.
#include "services/gateway/adapters/candidate.h"

#include "lib/base/error.h"
#include "lib/secret/sealed_box.h"
#include "tests/fuzz/fuzz_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace latchkey;
  static const secret::BoxKeyPair intake =
      secret::BoxKeyPair::FromSecret(Secret(std::string(32, 'i')));
  keyvault::v1::GetIntakeKeyResponse response;
  response.set_intake_key_id("root_1");
  response.set_public_key(intake.public_key().bytes());
  const std::string input = Plant(AsText(data, size));
  for (const provider::Provider provider : {Provider::kAnthropic, Provider::kTwilio}) {
    std::string body = input;
    const auto candidate = gateway::SealCandidate(body, "tnt_a", provider, response);
    Check(body.empty(), "a body with a key is wiped");
    if (candidate.ok()) {
      Check(!Tells(candidate->SerializeAsString()), "a candidate is sealed");
    } else {
      Check(!Tells(Message(candidate.status())), "an error does not tell the key");
    }
  }
  return 0;
}
